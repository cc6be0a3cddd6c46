"""The login page: a button for each provider, and a field for any name. It needs no JavaScript."""

from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, Response

from local.stand_ins.oidc.people import LONGEST_NAME, PROVIDERS, Person
from veil.domain.language import Language, Words

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "login.html").read_text(encoding="utf-8"))
_CSS = (_HERE / "login.css").read_text(encoding="utf-8")
CSS_PATH = "/oidc/login.css"

TITLE = Words(ko="로그인", en="Sign in")
NOTE = Words(
    ko="연습용 로그인이에요. 비밀번호 없이 누구로든 들어갈 수 있어요.",
    en="A practice sign-in: be anybody, no password.",
)
BUTTONS = {
    "Kakao": ("kakao", Words(ko="카카오로 계속하기", en="Continue with Kakao")),
    "Naver": ("naver", Words(ko="네이버로 계속하기", en="Continue with Naver")),
    "SignInWithApple": ("apple", Words(ko="Apple로 계속하기", en="Continue with Apple")),
    "Google": ("google", Words(ko="Google로 계속하기", en="Continue with Google")),
}
GO_ON = Words(ko="{name} 님으로 계속하기", en="Continue as {name}")
NAME = Words(ko="이름", en="Name")
ENTER = Words(ko="이 이름으로 들어가기", en="Continue with this name")
CANCEL = Words(ko="취소하기", en="Cancel")
NO_NAME = Words(
    ko=f"이름을 {LONGEST_NAME}자 안으로 적어 주세요.", en=f"Enter a name of {LONGEST_NAME} characters at the most."
)
BROKEN = Words(ko="로그인을 시작할 수 없어요", en="This sign-in can't be started")
BROKEN_NOTE = Words(ko="앱으로 돌아가 다시 시도해 주세요.", en="Go back to the app and try again.")


def login_page(
    language: Language, action: str, origins: list[str], *, known: Person | None, wrong_name: bool = False
) -> Response:
    """``action``: where the forms go, which then lead to one of ``origins``; ``known``: who is signed in already."""
    forms = [_form(action, *_button("go_on", "1", "main", _go_on(known, language)))] if known else []
    looks = [(name, *BUTTONS[name]) for name in PROVIDERS]
    forms += [_form(action, *_button("provider", name, look, words.text(language))) for name, look, words in looks]
    forms.append(_name_form(action, language, wrong_name=wrong_name))
    forms.append(_form(action, *_button("cancel", "1", "bare", CANCEL.text(language))))
    status = 400 if wrong_name else 200
    return HTMLResponse(_page(language, TITLE, NOTE, "\n  ".join(forms)), status, _headers(language, origins))


def error_page(language: Language, reason: str) -> Response:
    """For the developer: nobody is sent to an address that is not registered."""
    body = f"<p><code>{escape(reason)}</code></p>"
    return HTMLResponse(_page(language, BROKEN, BROKEN_NOTE, body), 400, _headers(language, []))


def stylesheet() -> Response:
    return Response(_CSS, media_type="text/css", headers={"x-content-type-options": "nosniff"})


def _go_on(known: Person, language: Language) -> str:
    return GO_ON.text(language).format(name=known.name)


def _form(action: str, *inner: str) -> str:
    return f'<form method="post" action="{escape(action)}">{"".join(inner)}</form>'


def _button(name: str, value: str, look: str, words: str) -> tuple[str]:
    return (f'<button name="{name}" value="{escape(value)}" class="{look}">{escape(words)}</button>',)


def _name_form(action: str, language: Language, *, wrong_name: bool) -> str:
    described = ' aria-invalid="true" aria-describedby="wrong" autofocus' if wrong_name else ""
    error = f'<p class="error" id="wrong">{escape(NO_NAME.text(language))}</p>' if wrong_name else ""
    return (
        f'<form method="post" action="{escape(action)}" class="name" novalidate>'
        f'<label for="name">{escape(NAME.text(language))}</label>'
        f'<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false"{described}>'
        f'{error}<button class="main">{escape(ENTER.text(language))}</button></form>'
    )


def _page(language: Language, title: Words, note: Words, body: str) -> str:
    words = {"lang": language.value, "title": title.text(language), "note": note.text(language), "css": CSS_PATH}
    return _PAGE.substitute({name: escape(text) for name, text in words.items()}, body=body)


def _headers(language: Language, origins: list[str]) -> dict[str, str]:
    """A browser holds the form's redirect against form-action, too: it may go to ``origins``."""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action {' '.join(("'self'", *origins))}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "cache-control": "no-store",
        "content-language": language.value,
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
