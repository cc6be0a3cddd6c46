"""What is watched of a page can fail: each trouble is made here on purpose, on a page of the same policy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.web_shots.api import FakeApi, Reply
from local.web_shots.edge import FakeEdge, serving
from tests.web.axe import violations
from tests.web.conftest import PHONE, Opened

PAGE = """<!doctype html><html lang="ko"><title>한 장</title><main><h1>한 장</h1>{}</main></html>"""
TROUBLES = {
    "a script within the page": ("<script>document.title = 'x'</script>", r"policy: script-src-elem refused inline"),
    "a style within the page": ("<p style='color: red'>빨강</p>", r"policy: style-src-attr refused inline"),
    "a picture of another origin": (
        "<img alt='' src='https://veil.invalid/a.png'>",
        r"off this machine: GET https://veil",
    ),
    "an error of a script": ("<script src='/throws.js'></script>", r"error: on purpose"),
    "an error in the console": ("<script src='/says.js'></script>", r"console: on purpose"),
    "an answer that refuses": ("<script src='/asks.js'></script>", r"404 GET http://127.0.0.1:\d+/api/nothing$"),
    "a file that is missing": ("<img alt='' src='/none.png'>", r"404 GET http://127.0.0.1:\d+/none.png"),
}
SCRIPTS = {
    "throws.js": "throw new Error('on purpose')",
    "says.js": "console.error('on purpose')",
    "asks.js": "fetch('/api/nothing?token=secret').then((answer) => answer.text())",
}


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[FakeEdge]:
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "index.html").write_text(PAGE.format(""))
    with serving(tmp_path) as edge:
        edge.api = FakeApi({"GET /fine": Reply(200, {})})
        yield edge


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_seen(trouble: str, pages: FakeEdge, opened: Opened, tmp_path: Path) -> None:
    body, seen = TROUBLES[trouble]
    (tmp_path / "index.html").write_text(PAGE.format(body))
    device = opened(**PHONE)
    context, watch = device.context, device.watch
    watch.announce(seen)
    for more in ("console: ", "csp ", "policy: img-src"):  # what the browser says beside it
        watch.allow(more)
    context.new_page().goto(pages.origin, wait_until="networkidle")
    assert watch.verdict == []


def test_what_was_not_announced_is_in_the_verdict(pages: FakeEdge, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE.format("<img alt='' src='/none.png'>"))
    device = opened(**PHONE)
    context, watch = device.context, device.watch
    context.new_page().goto(pages.origin, wait_until="networkidle")
    assert watch.verdict == [f"404 GET {pages.origin}/none.png"]
    watch.forget()


def test_what_was_announced_and_did_not_happen_is_in_it_too(pages: FakeEdge, opened: Opened) -> None:
    device = opened(**PHONE)
    context, watch = device.context, device.watch
    context.new_page().goto(pages.origin, wait_until="networkidle")
    watch.announce("429 GET")
    assert watch.verdict == ["announced, and did not happen: 429 GET"]
    watch.forget()


def test_axe_runs_under_the_policy_and_finds(pages: FakeEdge, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE.format("<button></button><a href='/'>.</a> <a href='/'>.</a>"))
    context = opened(**PHONE).context
    page = context.new_page()
    page.goto(pages.origin)
    found = {each.partition(":")[0] for each in violations(page)}
    assert "button-name" in found
    (tmp_path / "index.html").write_text(PAGE.format(""))
    page.goto(pages.origin)
    assert violations(page) == []
