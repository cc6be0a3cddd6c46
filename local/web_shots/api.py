"""An API whose answers are given: by route, one for each call in turn, of which the last stays."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from veil.api.problems import PROBLEMS, problem_type
from veil.domain.language import DEFAULT_LANGUAGE, Language

REQUEST_ID = "JKJaXmPLvHcESHA="


@dataclass(frozen=True)
class Reply:
    """One answer. ``held``: none comes for as long as the browser waits; ``body`` is JSON, bytes, or nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    held: bool = False

    @property
    def content(self) -> bytes:
        if self.body is None or isinstance(self.body, bytes):
            return self.body or b""
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        kind = "application/problem+json" if self.status >= 400 else "application/json"
        common = {"x-request-id": REQUEST_ID, "cache-control": "no-store"}
        return {**common, **({"content-type": kind} if self.content else {}), **self.headers}


HELD = Reply(held=True)


def tagged(body: Any, **headers: str) -> Reply:
    """A body with its etag."""
    made = Reply(200, body, headers)
    return replace(made, headers={**headers, "etag": f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'})


def created(status: int, body: Any, location: str) -> Reply:
    """What was made, and where it is."""
    return Reply(status, body, {"location": location})


def public(body: Any) -> Reply:
    """What anybody may keep for an hour."""
    return tagged(body, **{"cache-control": "public, max-age=3600"})


def refused(
    code: str, language: Language = DEFAULT_LANGUAGE, *, retry_after: int | None = None, **members: Any
) -> Reply:
    """The problem that has this code, as the API words it."""
    problem = PROBLEMS[code]
    wait = retry_after or problem.retry_after
    body = {
        "type": problem_type(code),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.words(language, members),
        "code": code,
        "request_id": REQUEST_ID,
        **members,
    }
    return Reply(problem.status, body, {"retry-after": str(wait)} if wait else {})


@dataclass(frozen=True)
class Asked:
    """A request that came, and what it was answered; ``reply`` is None while it is held."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    reply: Reply | None

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


class FakeApi:
    """Answers by route, as ``GET /uploads/{id}``; ``asked`` remembers what came."""

    def __init__(self, replies: Mapping[str, Reply | Sequence[Reply]]) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = {}
        self.answer(replies)

    def answer(self, replies: Mapping[str, Reply | Sequence[Reply]]) -> None:
        """Answer these routes so from now on, and the others as before."""
        for route, given in replies.items():
            self._replies[route] = [given] if isinstance(given, Reply) else list(given)

    def reply(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What this request is answered; 404 ``not_found`` for a route that nobody gave an answer."""
        given = self._given(f"{method} {path}")
        reply = refused("not_found") if not given else given.pop(0) if len(given) > 1 else given[0]
        reply = replace(reply, headers={"content-language": _language(headers), **reply.headers})
        self.asked.append(Asked(method, path, headers, body, None if reply.held else reply))
        return reply

    def _given(self, asked: str) -> list[Reply]:
        for route, given in sorted(self._replies.items(), key=lambda item: item[0].count("{")):
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), asked):
                return given
        return []


def _language(headers: Mapping[str, str]) -> str:
    """As the web client asks for it: one, and no more."""
    return headers.get("accept-language", DEFAULT_LANGUAGE)[:2]
