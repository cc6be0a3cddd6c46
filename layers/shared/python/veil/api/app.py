"""What every HTTP function shares: one resolver with one translation of errors, one way to answer."""

import json
import re
from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from veil.api.problems import PROBLEMS, REASONS, speaks_english
from veil.api.routes import ROUTES
from veil.domain.errors import DomainError, Unauthenticated, UploadRejected
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable
from veil.observability import flush_metrics, logger, user_hash

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
MAX_USER_BYTES = 255  # OpenID Connect's limit of a subject
MAX_JSON_CHARS = 8 * 1024  # a body of ours has some hundred; a list of all that is wrong in 6 MB is past Lambda's 6 MB
Answer = Response[Any]


class Api(APIGatewayHttpResolver):
    """A function's resolver: routes are added to it, and it is the Lambda's handler."""

    def __init__(self, *, validate: bool = True) -> None:
        super().__init__(enable_validation=validate, json_body_deserializer=_parse_json)
        self.exception_handler(DomainError)(self._domain_error)
        self.exception_handler(RequestValidationError)(self._validation_error)
        self.exception_handler([UnicodeDecodeError, BinasciiError])(lambda _: self.problem("invalid_request"))
        self.exception_handler(NotFoundError)(self._no_route)
        self.exception_handler([StorageUnavailable, OutputUnavailable])(self._unavailable)
        self.exception_handler(Exception)(self._unexpected)

    def handler(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda's entry: each log line of the request carries its id and its user, hashed."""
        request_id = event["requestContext"].get("requestId", "")
        logger.append_keys(request_id=request_id)
        try:
            if user := _subject(event):
                logger.append_keys(user=user_hash(user))
            # Bodies are JSON, whatever a client calls them: curl says that its own is a form.
            headers = {**event.get("headers", {}), "content-type": JSON}
            answer = self.resolve({**event, "headers": headers}, context)
            answer.setdefault("headers", {})["x-request-id"] = request_id
            return answer
        finally:
            flush_metrics()
            logger.remove_keys(["request_id", "user"])

    @property
    def user(self) -> str:
        """Who asks; raises `Unauthenticated` when the token names nobody."""
        user = _subject(self.current_event.raw_event)
        if user is None:
            raise Unauthenticated
        return user

    @property
    def raw_body(self) -> bytes:
        """The body's very bytes, as they were signed."""
        body = (self.current_event.body or "").encode(errors="surrogatepass")  # half a pair was signed by nobody
        return b64decode(body) if self.current_event.is_base64_encoded else body

    @property
    def english(self) -> bool:
        return speaks_english(self.current_event.headers.get("accept-language", ""))

    def answer(self, status: int, body: BaseModel | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """A JSON answer, kept by nobody unless its headers say otherwise."""
        content = body.model_dump_json() if body else ""
        return Response(
            status_code=status,
            content_type=JSON if body else None,
            body=content,
            headers={"cache-control": "no-store", **(headers or {})},
        )

    def cacheable(self, body: BaseModel | str, headers: Mapping[str, str]) -> Answer:
        """200 with a strong etag, the hash of the very bytes; 304 when the app has them. Text is JSON already."""
        content = body if isinstance(body, str) else body.model_dump_json()
        etag = f'"{sha256(content.encode()).hexdigest()[:32]}"'
        known = re.findall(r'"[^"]*"|\*', self.current_event.headers.get("if-none-match", ""))
        if etag in known or "*" in known:
            return Response(status_code=304, body="", headers={"etag": etag, **headers})
        return Response(status_code=200, content_type=JSON, body=content, headers={"etag": etag, **headers})

    def problem(
        self, code: str, members: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """An error's answer; ``members`` stand beside the problem's own."""
        problem = PROBLEMS[code]
        body = {
            "type": f"urn:veil:problem:{code}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.en if self.english else problem.ko,
            "code": code,
            "request_id": self.current_event.request_context.request_id,
            **(members or {}),
        }
        return Response(
            status_code=problem.status,
            content_type=PROBLEM_JSON,
            body=json.dumps(body, ensure_ascii=False),
            headers={"cache-control": "no-store", **(headers or {})},
        )

    def _domain_error(self, error: DomainError) -> Answer:
        members = dict(error.members)
        if isinstance(error, UploadRejected):
            members["reason"] = {"code": error.reason, "detail": REASONS[error.reason][self.english]}
        logger.info("refused", extra={"code": error.code})
        retry_after = {"retry-after": str(error.retry_after)} if error.retry_after else {}
        return self.problem(error.code, members, retry_after)

    def _validation_error(self, error: RequestValidationError) -> Answer:
        errors = [{"field": _field(each["loc"]), "message": str(each["msg"])} for each in error.errors()]
        return self.problem("invalid_request", {"errors": errors})

    def _no_route(self, _: NotFoundError) -> Answer:
        """No route of this method and path: 405 where the path has others."""
        path = self.current_event.path
        allowed = sorted({route.method for route in ROUTES if _matches(route.path, path)})
        if allowed and self.current_event.http_method not in allowed:
            return self.problem("method_not_allowed", headers={"allow": ", ".join(allowed)})
        return self.problem("not_found")

    def _unavailable(self, error: Exception) -> Answer:
        logger.warning("unavailable", extra={"why": repr(error)})
        return self.problem("temporarily_unavailable", headers={"retry-after": "1"})

    def _unexpected(self, error: Exception) -> Answer:
        logger.exception("unexpected error", exc_info=error)
        return self.problem("internal_error")


def _subject(event: Mapping[str, Any]) -> str | None:
    """The token's ``sub``, which the gateway's authorizer has verified; None where it can be nobody's."""
    sub = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {}).get("sub")
    try:
        return sub if isinstance(sub, str) and 1 <= len(sub.encode()) <= MAX_USER_BYTES else None
    except UnicodeEncodeError:
        return None


def _parse_json(text: str) -> Any:
    """JSON, with everything that is none as one error: not even nesting without end is a 500."""
    if len(text) > MAX_JSON_CHARS:
        raise json.JSONDecodeError("too long", "", 0)
    try:
        return json.loads(text)
    except (RecursionError, ValueError) as error:  # nested without end, or a number of ten thousand digits
        raise json.JSONDecodeError("no JSON that can be read", "", 0) from error


def _field(loc: tuple[object, ...]) -> str:
    """``("body", "size")`` is ``size``; ``("body", 17)``, a place in broken JSON, is ``body``."""
    names = [str(part) for part in loc if isinstance(part, str)]
    return ".".join(names[1:] or names)


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None
