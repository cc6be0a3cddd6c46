"""What every HTTP function shares: one resolver, which turns errors into problems, and one way to answer."""

import json
import re
from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from veil.api.language import preferred_language
from veil.api.problems import PROBLEMS, problem_type
from veil.api.routes import ROUTES
from veil.domain.errors import AccountErased, DomainError, InvalidField, InvalidRequest, Unauthenticated
from veil.domain.language import Language
from veil.domain.likeness import MatcherUnavailable
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable
from veil.observability import count_failure, flush_metrics, logger, users

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
MAX_USER_BYTES = 255  # OpenID Connect's limit of a subject
MAX_JSON_CHARS = 8 * 1024  # without a limit, the errors of a 6 MB body would exceed Lambda's response size
MAY_HAVE_LEFT = (402, 403, 404, 409, 410)  # with these, something is not there, and that may be why
Answer = Response[Any]


class Api(APIGatewayHttpResolver):
    """A function's resolver: routes are added to it, and it is the Lambda's handler."""

    def __init__(self, *, validate: bool = True, erased: Callable[[str], bool] | None = None) -> None:
        """``erased``: whether a user has left; it is asked where something is missing or refused, not otherwise."""
        self._erased = erased
        super().__init__(enable_validation=validate, json_body_deserializer=_parse_json)
        self.exception_handler(DomainError)(self._domain_error)
        self.exception_handler(RequestValidationError)(self._validation_error)
        self.exception_handler([UnicodeDecodeError, BinasciiError])(lambda _: self.problem("invalid_request"))
        self.exception_handler(NotFoundError)(self._no_route)
        self.exception_handler([StorageUnavailable, OutputUnavailable, MatcherUnavailable])(self.unavailable)
        self.exception_handler(Exception)(self._unexpected)

    def handler(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda's entry: each log line of the request carries its id and its user, hashed."""
        request_id = event["requestContext"].get("requestId", "")
        logger.append_keys(request_id=request_id)
        try:
            users.of_request = _subject(event)
            answer = self.resolve(_as_read(event), context)
            answer.setdefault("headers", {})["x-request-id"] = request_id
            return {**answer, "body": ""} if _method(event) == "HEAD" else answer
        finally:
            flush_metrics()
            users.of_request = None
            logger.remove_keys(["request_id"])

    @property
    def user(self) -> str:
        """The caller's user id; raises `Unauthenticated` when the token has none."""
        user = _subject(self.current_event.raw_event)
        if user is None:
            raise Unauthenticated
        return user

    @property
    def account(self) -> str:
        """The caller's user id, at the price of a read: raises `AccountErased` for one who has left."""
        user = self.user
        if self._erased and self._erased(user):
            raise AccountErased
        return user

    @property
    def raw_body(self) -> bytes:
        """The body's bytes, exactly as they were signed."""
        body = (self.current_event.body or "").encode(errors="surrogatepass")  # half a pair was signed by nobody
        return b64decode(body) if self.current_event.is_base64_encoded else body

    @property
    def signed_in_at(self) -> float | None:
        """When the caller signed in, in epoch seconds: the token's ``auth_time``; of an issuer that does not tell, when
        the token was made. None for what is no time.
        """
        try:
            return float(str(self._claims.get("auth_time", self._claims.get("iat"))))
        except ValueError:
            return None

    @property
    def username(self) -> str | None:
        """What the issuer of the token calls the user, where it says so."""
        found = self._claims.get("username")
        return found if isinstance(found, str) and found else None

    @property
    def _claims(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.current_event.raw_event["requestContext"]["authorizer"]["jwt"]["claims"]
        return found

    @property
    def language(self) -> Language:
        """The language in which to answer the person."""
        return preferred_language(self.current_event.headers.get("accept-language", ""))

    @property
    def spoken(self) -> dict[str, str]:
        """The headers of an answer that may have words for the person."""
        return {"content-language": str(self.language), "vary": "accept-language"}

    def answer(self, status: int, body: BaseModel | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """A JSON answer, cached by nobody unless its headers say otherwise."""
        content = body.model_dump_json() if body else ""
        spoken = self.spoken if body else {}
        return Response(
            status_code=status,
            content_type=JSON if body else None,
            body=content,
            headers={"cache-control": "no-store", **spoken, **(headers or {})},
        )

    def cacheable(self, body: BaseModel | str, headers: Mapping[str, str]) -> Answer:
        """200 with a strong etag, the hash of the bytes; 304 when the client has them. A ``str`` is JSON already."""
        content = body if isinstance(body, str) else body.model_dump_json()
        etag = f'"{sha256(content.encode()).hexdigest()[:32]}"'
        known = re.findall(r'"[^"]*"|\*', self.current_event.headers.get("if-none-match", ""))
        if etag in known or "*" in known:
            return Response(status_code=304, body="", headers={"etag": etag, **headers})
        return Response(status_code=200, content_type=JSON, body=content, headers={"etag": etag, **headers})

    def problem(
        self,
        code: str,
        members: Mapping[str, object] | None = None,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer that is the problem ``code``, with its ``members``; ``retry_after`` (seconds) if not the usual."""
        from veil.api import bodies  # noqa: PLC0415 - as long as all goes well, the webhook needs no body

        problem = PROBLEMS[code]
        body = bodies.Problem.model_validate(
            {
                "type": problem_type(code),
                "title": problem.title,
                "status": problem.status,
                "detail": problem.words(self.language, members or {}),
                "code": code,
                "request_id": self.current_event.request_context.request_id,
                **(members or {}),
            }
        )
        seconds = retry_after or problem.retry_after
        wait = {"retry-after": str(seconds)} if seconds else {}
        return Response(
            status_code=problem.status,
            content_type=PROBLEM_JSON,
            body=body.model_dump_json(exclude_unset=True),
            headers={"cache-control": "no-store", **self.spoken, **wait, **(headers or {})},
        )

    def _domain_error(self, error: DomainError) -> Answer:
        from veil.api import views  # noqa: PLC0415

        try:
            if self._is_of_one_who_left(error):
                error = AccountErased()
        except StorageUnavailable as unavailable:
            return self.unavailable(unavailable)
        logger.info("refused", extra={"code": error.code})
        names = PROBLEMS[error.code].members
        members = {name: views.member(getattr(error, name), self.language) for name in names}
        return self.problem(error.code, members, retry_after=error.retry_after)

    def _is_of_one_who_left(self, error: DomainError) -> bool:
        """Whether something is missing or refused because its user has left."""
        if self._erased is None or PROBLEMS[error.code].status not in MAY_HAVE_LEFT:
            return False
        user = _subject(self.current_event.raw_event)
        return user is not None and self._erased(user)

    def _validation_error(self, error: RequestValidationError) -> Answer:
        fields = [InvalidField(_field(each["loc"]), each["type"], each.get("ctx", {})) for each in error.errors()]
        return self._domain_error(InvalidRequest(*fields))

    def _no_route(self, _: NotFoundError) -> Answer:
        """405 where the path has routes of other methods, else 404."""
        path = self.current_event.path
        allowed = sorted({method for route in ROUTES if _matches(route.path, path) for method in route.methods})
        if allowed and self.current_event.http_method not in allowed:
            return self.problem("method_not_allowed", headers={"allow": ", ".join(allowed)})
        return self.problem("not_found")

    def unavailable(self, error: Exception) -> Answer:
        """503: asking again may help."""
        count_failure()
        logger.warning("unavailable", extra={"why": repr(error)})
        return self.problem("temporarily_unavailable")

    def _unexpected(self, error: Exception) -> Answer:
        count_failure()
        logger.exception("unexpected error", exc_info=error)
        return self.problem("internal_error")


def _method(event: Mapping[str, Any]) -> Any:
    return event["requestContext"].get("http", {}).get("method")


def _as_read(event: Mapping[str, Any]) -> dict[str, Any]:
    """HEAD asks for what GET would answer. Bodies are JSON, whatever a client calls them: curl says that its own is a
    form.
    """
    read = {**event, "headers": {**event.get("headers", {}), "content-type": JSON}}
    if _method(event) == "HEAD":
        context = event["requestContext"]
        read["requestContext"] = {**context, "http": {**context["http"], "method": "GET"}}
    return read


def _subject(event: Mapping[str, Any]) -> str | None:
    """The ``sub`` of the token that the gateway's authorizer has verified; None where it can't be a user's id."""
    sub = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {}).get("sub")
    try:
        return sub if isinstance(sub, str) and 1 <= len(sub.encode()) <= MAX_USER_BYTES else None
    except UnicodeEncodeError:
        return None


def _parse_json(text: str) -> Any:
    """Parse JSON; whatever is not valid JSON raises one error, so that not even endless nesting is a 500."""
    if len(text) > MAX_JSON_CHARS:
        raise json.JSONDecodeError("too long", "", 0)
    try:
        return json.loads(text)
    except (RecursionError, ValueError) as error:  # endless nesting, or a number of ten thousand digits
        raise json.JSONDecodeError("not valid JSON", "", 0) from error


def _field(loc: tuple[object, ...]) -> str:
    """``("body", "size")`` is ``size``; ``("body", 17)``, a position in broken JSON, is ``body``."""
    names = [str(part) for part in loc if isinstance(part, str)]
    return ".".join(names[1:] or names)


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None
