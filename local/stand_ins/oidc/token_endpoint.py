"""``/token`` and ``/revoke``: forms, as RFC 6749 and RFC 7009 have them; and a token for anybody who sends JSON."""

import re
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.oidc.grants import Grants, InvalidGrant
from local.stand_ins.oidc.tokens import TokenRequest, Tokens
from local.stand_ins.oidc.unwell import after, before, fault_of

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
NOT_STORED = {"cache-control": "no-store"}


class TokenEndpoint:
    """The clients are public: they name themselves by ``client_id``, and prove themselves by PKCE."""

    def __init__(self, config: ProvidersConfig, control: Control, grants: Grants, tokens: Tokens) -> None:
        self._config, self._control, self._grants, self._tokens = config, control, grants, tokens

    async def token(self, request: Request) -> Response:
        body = await request.body()
        if body.lstrip().startswith(b"{"):
            return self._for_anybody(body)
        fault = fault_of(self._control, "token")
        return await before(fault) or await after(fault, request, self._for_client(form_of(body)))

    async def revoke(self, request: Request) -> Response:
        form = form_of(await request.body())
        if form.get("client_id") not in self._config.clients:
            return _error("invalid_client", "client_id is unknown", 401)
        self._grants.revoke(form.get("token", ""), form["client_id"])
        return Response(headers=NOT_STORED)

    def _for_anybody(self, body: bytes) -> Response:
        try:
            wanted = TokenRequest.model_validate_json(body)
        except ValidationError as error:
            return _error("invalid_request", str(error))
        self._control.counters["oidc.token"] += 1
        return JSONResponse(self._tokens.for_anybody(wanted, self._config.audience))

    def _for_client(self, form: dict[str, str]) -> Response:
        client, grant = form.get("client_id", ""), form.get("grant_type")
        rules = self._control.faults.oidc
        if client not in self._config.clients:
            return _error(
                "invalid_client" if client else "invalid_request", "client_id is unknown", 401 if client else 400
            )
        try:
            if grant == "authorization_code":
                if not VERIFIER.fullmatch(form.get("code_verifier", "")):
                    return _error("invalid_request", "code_verifier has 43 to 128 letters, digits or -._~")
                given = (form.get("code", ""), client, form.get("redirect_uri", ""), form["code_verifier"])
                family, refresh_token = self._grants.redeem(*given)
                nonce = family.asked.nonce
            elif grant == "refresh_token":
                family, refresh_token = self._grants.refresh(form.get("refresh_token", ""), client, rules.grace)
                nonce = None
            else:
                return _error("unsupported_grant_type", "grant_type is authorization_code or refresh_token")
        except InvalidGrant as error:
            return _error("invalid_grant", str(error))
        answer = self._tokens.for_client(family, refresh_token, rules.expires_in, nonce=nonce)
        return JSONResponse(answer, headers=NOT_STORED)


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form; one that comes twice is none."""
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    names = [name for name, _ in fields]
    return {name: value for name, value in fields if names.count(name) == 1}


def _error(error: str, description: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status, headers=NOT_STORED)
