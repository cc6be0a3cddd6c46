"""The pages of Toss's window: what it is for, and three buttons. Whatever a browser said is escaped."""

from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

NOTE = "연습용 결제창입니다. 실제 결제가 아니며, 돈이 빠져나가지 않습니다."
# The button that is pressed, its words, its looks; "decline" is a card that is refused.
PAY = (("pay", "결제하기", "main"), ("decline", "승인 거절되는 카드로 결제", ""), ("close", "닫기", "bare"))
REGISTER = (("pay", "카드 등록하기", "main"), ("decline", "등록되지 않는 카드", ""), ("close", "닫기", "bare"))

_PAGE = Template(Path(__file__).with_name("window.html").read_text())
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def page(
    heading: str, amount: str, details: dict[str, str], action: str, buttons: tuple[tuple[str, str, str], ...]
) -> HTMLResponse:
    """A window. ``action`` is the form's URL; the button that was pressed is its field ``step``."""
    pressed = "".join(
        f'<button name="step" value="{step}" class="{looks}">{words}</button>' for step, words, looks in buttons
    )
    rows = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in details.items())
    form = f'<form method="post" action="{escape(action)}">{pressed}</form>'
    return _filled(200, heading, amount, f"<dl>{rows}</dl>", form)


def error_page(status: int, code: str, message: str) -> HTMLResponse:
    """A window that doesn't open."""
    return _filled(
        status, "결제창을 열 수 없습니다", message, f"<dl><div><dt>코드</dt><dd>{escape(code)}</dd></div></dl>"
    )


def _filled(status: int, heading: str, amount: str, details: str, form: str = "") -> HTMLResponse:
    words = {"title": heading, "note": NOTE, "heading": heading, "amount": amount}
    escaped = {name: escape(text) for name, text in words.items()}
    return HTMLResponse(_PAGE.substitute(escaped, details=details, form=form), status, _HEADERS)
