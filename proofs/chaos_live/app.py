"""The app on one user's phone: it asks again when the network, a throttle or a passing trouble asks it to."""

import asyncio
from time import monotonic
from typing import Any

import httpx

from local.processes import LocalError
from proofs.chaos_live.score import Score

type Json = dict[str, Any]

PATIENCE_SECONDS = 180  # for one request, tries again included
PAUSE_SECONDS = 1.0
PROBLEM = "application/problem+json"
GATEWAY = "of the gateway"  # an error that no function answered
AGAIN = frozenset({"rate_limited", "temporarily_unavailable", "upload_not_ready"})


class App:
    """One signed-in user. Every answer is counted in ``score``; one that must never come is a violation there."""

    def __init__(self, http: httpx.AsyncClient, api_url: str, token: str, user: str, score: Score) -> None:
        self.user = user
        self._http, self._api_url, self._score = http, api_url, score
        self._headers = {"authorization": f"Bearer {token}", "accept-language": "en"}

    async def ask(self, route: str, path: str = "", **request: Any) -> httpx.Response:
        """``route`` is ``GET /uploads/*``, counted under that name; ``path`` its own path. Tries again as an app does.

        Raises `LocalError` when no final answer comes within three minutes.
        """
        method, _, shown = route.partition(" ")
        headers = self._headers | request.pop("headers", {})
        return await self._final(route, method, self._api_url + (path or shown), headers=headers, **request)

    async def put(self, upload: Json, photo: bytes) -> None:
        """Send the photo to where ``upload`` says; raises `LocalError` when it is refused."""
        headers = upload["headers"]
        answer = await self._final("PUT photo", upload["method"], upload["url"], headers=headers, content=photo)
        if not answer.is_success:
            raise LocalError(f"the photo of {self.user} was refused: {answer.status_code} {answer.text[:300]}")

    async def download(self, url: str) -> httpx.Response:
        """What a signed URL leads to."""
        return await self._final("GET portrait", "GET", url)

    async def _final(self, route: str, method: str, url: str, **request: Any) -> httpx.Response:
        end = monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self._try(route, method, url, request)
            if isinstance(answer, httpx.Response):
                return answer
            if monotonic() > end:
                raise LocalError(f"{route} of {self.user} got no final answer within {PATIENCE_SECONDS} s: {answer}")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _try(self, route: str, method: str, url: str, request: Json) -> httpx.Response | str:
        """The final answer, or why to ask again."""
        try:
            answer = await self._http.request(method, url, **request)
        except httpx.TransportError as error:
            return self._again(type(error).__name__)
        is_problem = answer.headers.get("content-type", "").startswith(PROBLEM)
        code = answer.json()["code"] if is_problem else GATEWAY if answer.is_server_error else ""
        self._score.answers[f"{route} {answer.status_code} {code}".rstrip()] += 1
        if is_problem and answer.is_server_error and code not in AGAIN:
            self._score.violations.append(f"{self.user}: {route} answered {answer.status_code} {code}")
        if code in AGAIN or answer.is_server_error:
            return self._again(f"{answer.status_code} {code}")
        return answer

    def _again(self, why: str) -> str:
        self._score.retries[why] += 1
        return why
