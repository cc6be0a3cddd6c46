"""Takes the pictures, and writes a page that shows all of them."""

import html
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Error

from local.browser.launch import launched
from local.processes import LocalError
from local.web_shots.edge import FakeEdge, serving
from local.web_shots.looks import LOOKS, Look
from local.web_shots.state import PATIENCE_MS, PICTURES, State
from local.web_shots.states import STATES
from operations.progress import Progress
from operations.web import DIST

WHOLE = "whole"
HEIGHT = "() => document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight"
SHEET = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Veil: every screen in every state</title>
<style>
  body {{ font: 14px system-ui; margin: 2rem; background: #f4f2ef }}
  section {{ margin-block: 2rem }}
  .row {{ display: flex; gap: 1rem; overflow-x: auto; align-items: start }}
  figure {{ margin: 0 }} img {{ height: 480px; border-radius: 8px; box-shadow: 0 1px 8px #0003 }}
</style>
{sections}
</html>
"""


def shoot(states: Sequence[State], looks: Sequence[Look], out: Path, progress: Progress) -> Path:
    """Take every state in every look into ``out``; answers the page that shows them.

    Raises `LocalError` at the end, where a state was not reached.
    """
    out.mkdir(parents=True, exist_ok=True)
    missed: list[str] = []
    with launched() as browser, serving(DIST) as edge:
        for look in looks:
            with progress.step(look.name):
                missed += [
                    f"{state.name}, {look.name}: {why}"
                    for state in states
                    if (why := _why_not(browser, edge, state, look, out))
                ]
    sheet = out / "index.html"
    sheet.write_text(SHEET.format(sections="\n".join(_sections(out))), encoding="utf-8")
    if missed:
        raise LocalError("not reached:\n" + "\n".join(missed))
    return sheet


def _why_not(browser: Browser, edge: FakeEdge, state: State, look: Look, out: Path) -> str | None:
    """Take it; answers why that could not be done."""
    try:
        _take(browser, edge, state, look, out)
    except (Error, AssertionError) as error:
        return str(error).partition("\n")[0]
    return None


def _take(browser: Browser, edge: FakeEdge, state: State, look: Look, out: Path) -> None:
    """What a person sees at once and, of a page that goes on below, once the whole of it."""
    file = out / f"{state.name}.{look.name}.png"
    with closing(browser.new_context(**look.options)) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = state.open(context, edge, look.language)
        page.screenshot(path=file, animations="disabled")
        height: int = page.evaluate(HEIGHT)
        if look == LOOKS[0] and height > look.height:
            page.set_viewport_size({"width": look.width, "height": height})
            page.wait_for_function(PICTURES)
            page.screenshot(path=file.with_name(f"{state.name}.{WHOLE}.png"), animations="disabled")


def _sections(out: Path) -> Iterator[str]:
    """Each state of the table with the pictures that there are of it."""
    for state in STATES:
        pictures = [out / f"{state.name}.{name}.png" for name in (*(look.name for look in LOOKS), WHOLE)]
        figures = "".join(
            f'<figure><a href="{each.name}"><img loading="lazy" alt="" src="{each.name}"></a>'
            f"<figcaption>{each.suffixes[0].lstrip('.')}</figcaption></figure>"
            for each in pictures
            if each.exists()
        )
        yield f'<section><h2>{html.escape(state.name)}</h2><div class="row">{figures}</div></section>'
