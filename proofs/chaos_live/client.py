"""A user's client: it asks again after a lost connection, a throttle or an outage, and counts every answer."""

import asyncio
from time import monotonic
from typing import Any, Self

import httpx

from local.cloud.running import RunningCloud
from local.processes import LocalError
from operations.visit import Ask, Script, drive_async, sign_in
from proofs.chaos_live.report import LiveReport

PATIENCE_SECONDS = 180  # for one request, with all its tries
PAUSE_SECONDS = 1.0
POLL_SECONDS = 2.0
PROBLEM = "application/problem+json"
GATEWAY = "of the gateway"  # an error that no function answered
AGAIN = frozenset({"rate_limited", "temporarily_unavailable", "upload_not_ready"})


class LiveClient:
    """One signed-in user. ``report`` counts every answer; an answer that must never come is a violation there."""

    def __init__(self, http: httpx.AsyncClient, api_url: str, token: str, user: str, report: LiveReport) -> None:
        self.user = user
        self._http, self._api_url, self._report = http, api_url, report
        self._headers = {"authorization": f"Bearer {token}", "accept-language": "en"}

    @classmethod
    async def signed_in(cls, http: httpx.AsyncClient, running: RunningCloud, user: str, report: LiveReport) -> Self:
        """The client of ``user``, with a new access token."""
        ask = sign_in(running.token_url, user)
        answer = ask.accept(await http.request(ask.method, ask.url, json=ask.json))
        return cls(http, running.api_url, answer.json()["access_token"], user, report)

    async def run[Result](self, script: Script[Result]) -> Result:
        """Run a script of requests and pauses."""
        return await drive_async(script, self.ask, self._pause)

    async def ask(self, ask: Ask) -> Any:
        """The final `httpx.Response`; raises `LocalError` where none comes in time, and `Refused`."""
        end = monotonic() + PATIENCE_SECONDS
        while isinstance(answer := await self._try(ask), str):
            self._report.counts["retries"][answer] += 1
            if monotonic() > end:
                raise LocalError(f"{ask} got no final answer within {PATIENCE_SECONDS} s: {answer}")
            await asyncio.sleep(PAUSE_SECONDS)
        return ask.accept(answer)

    async def _try(self, ask: Ask) -> httpx.Response | str:
        """The final answer, or why to ask again."""
        url, headers = (f"{self._api_url}{ask.url}", self._headers) if ask.to_api else (ask.url, {})
        headers = {**headers, **ask.headers}
        try:
            answer = await self._http.request(ask.method, url, headers=headers, json=ask.json, content=ask.content)
        except httpx.TransportError as error:
            return type(error).__name__
        is_problem = answer.headers.get("content-type", "").startswith(PROBLEM)
        code = answer.json()["code"] if is_problem else GATEWAY if answer.is_server_error else ""
        shown = f"{answer.status_code} {code}".rstrip()
        self._report.counts["answers"][f"{ask} {shown}"] += 1
        if is_problem and answer.is_server_error and code not in AGAIN:
            self._report.violations.append(f"{self.user}: {ask} answered {shown}")
        return shown if code in AGAIN or answer.is_server_error else answer

    @staticmethod
    async def _pause(_: float) -> float:
        await asyncio.sleep(POLL_SECONDS)
        return POLL_SECONDS
