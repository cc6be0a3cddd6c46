"""The issuer over HTTP: discovery, keys, ``/authorize`` with its page, ``/token``, ``/revoke``, ``/logout``.

Where Cognito and the standard name a parameter differently, both are taken: ``logout_uri`` is Cognito's,
``post_logout_redirect_uri`` is OpenID Connect's.
"""

import time
from urllib.parse import urlencode

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.oidc import login
from local.stand_ins.oidc.authorization import Authorization, Refusal, UnknownClient
from local.stand_ins.oidc.grants import SESSION_SECONDS, Grants
from local.stand_ins.oidc.people import PROVIDERS, Person, person_named
from local.stand_ins.oidc.token_endpoint import TokenEndpoint, form_of
from local.stand_ins.oidc.tokens import ALGORITHM, Tokens
from local.stand_ins.oidc.unwell import after, before, fault_of
from veil.api.language import preferred_language
from veil.domain.language import Language

PATH, COOKIE = "/oidc", "veil_sign_in"
NOBODY = Refusal("login_required", "nobody is signed in")
CANCELLED = Refusal("access_denied", "the person cancelled")


class Issuer:
    """Routes under ``/oidc`` and ``/_control/oidc``."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._url, self._config, self._control = config.base_url + PATH, config, control
        self._grants = Grants(time.time)
        self._tokens = Tokens(self._url, config.issuer_key)
        token = TokenEndpoint(config, control, self._grants, self._tokens)
        of_browsers: list[BaseRoute] = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/token", token.token, methods=["POST"]),
            Route("/revoke", token.revoke, methods=["POST"]),
        ]
        readable = Middleware(CORSMiddleware, allow_origins=config.web_origins, allow_methods=["GET", "POST"])
        self.routes: list[BaseRoute] = [
            Route("/authorize", self._authorize),
            Route("/login", self._login, methods=["POST"]),
            Route("/login.css", self._stylesheet),
            Route("/logout", self._logout),
            Mount("/", routes=of_browsers, middleware=[readable]),
        ]
        self.control_routes = [Route("/_control/oidc/sessions", self._end_all, methods=["DELETE"])]

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self._url,
                "jwks_uri": f"{self._url}/jwks",
                "authorization_endpoint": f"{self._url}/authorize",
                "token_endpoint": f"{self._url}/token",
                "revocation_endpoint": f"{self._url}/revoke",
                "end_session_endpoint": f"{self._url}/logout",
                "scopes_supported": ["openid", "email", "profile"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "revocation_endpoint_auth_methods_supported": ["none"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "claims_supported": ["sub", "auth_time", "name", "email", "email_verified"],
                "ui_locales_supported": [language.value for language in Language],
            }
        )

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse(self._tokens.keys())

    async def _stylesheet(self, _: Request) -> Response:
        return login.stylesheet()

    async def _authorize(self, request: Request) -> Response:
        fault = fault_of(self._control, "authorize")
        return await before(fault) or await after(fault, request, self._answer(request))

    def _answer(self, request: Request) -> Response:
        try:
            asked = self._asked(request)
        except UnknownClient as error:
            return login.error_page(_language(request), str(error))
        try:
            asked.check()
        except Refusal as refusal:
            return _refused(asked, refusal)
        known = self._grants.signed_in(request.cookies.get(COOKIE))
        if asked.prompt == "none":
            return self._granted(asked, request.cookies[COOKIE]) if known else _refused(asked, NOBODY)
        if asked.identity_provider:
            return self._granted(asked, self._grants.sign_in(PROVIDERS[asked.identity_provider]))
        return self._page(request, known.person if known and asked.prompt != "login" else None)

    async def _login(self, request: Request) -> Response:
        """A button was pressed; the address still has what was asked for."""
        try:
            asked = self._asked(request)
        except UnknownClient as error:
            return login.error_page(_language(request), str(error))
        form = form_of(await request.body())
        try:
            asked.check()
        except Refusal as refusal:
            return _refused(asked, refusal)
        if "cancel" in form:
            return _refused(asked, CANCELLED)
        session = request.cookies.get(COOKIE)
        if "go_on" in form and self._grants.signed_in(session):
            return self._granted(asked, str(session))
        person = PROVIDERS.get(form.get("provider", "")) or person_named(form.get("name", ""))
        if person is None:
            return self._page(request, None, wrong_name=True)
        return self._granted(asked, self._grants.sign_in(person))

    async def _logout(self, request: Request) -> Response:
        query = request.query_params
        where = query.get("logout_uri") or query.get("post_logout_redirect_uri") or ""
        if where not in self._config.logout_uris:
            return login.error_page(_language(request), f"logout_uri is none of {', '.join(self._config.logout_uris)}")
        self._grants.sign_out(request.cookies.get(COOKIE))
        answer = RedirectResponse(f"{where}?{urlencode({'state': query['state']})}" if "state" in query else where, 303)
        answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
        return answer

    async def _end_all(self, _: Request) -> Response:
        self._grants.end_all()
        return Response(status_code=204)

    def _asked(self, request: Request) -> Authorization:
        return Authorization.of(request.query_params, self._config.clients, self._config.redirect_uris)

    def _page(self, request: Request, known: Person | None, *, wrong_name: bool = False) -> Response:
        action = f"{PATH}/login?{request.url.query}"
        return login.login_page(
            _language(request), action, self._config.web_origins, known=known, wrong_name=wrong_name
        )

    def _granted(self, asked: Authorization, session: str) -> Response:
        code = self._grants.code(asked.check(), session)
        answer = RedirectResponse(asked.answer(code=code), 303, headers={"cache-control": "no-store"})
        answer.set_cookie(COOKIE, session, max_age=SESSION_SECONDS, path=PATH, httponly=True, samesite="lax")
        return answer


def _refused(asked: Authorization, refusal: Refusal) -> Response:
    return RedirectResponse(asked.answer(error=refusal.error, error_description=refusal.description), 303)


def _language(request: Request) -> Language:
    """The query's ``lang``, as Cognito has it, or what the browser prefers."""
    wanted = request.query_params.get("lang", "")
    return Language(wanted) if wanted in Language else preferred_language(request.headers.get("accept-language", ""))
