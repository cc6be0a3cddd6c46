"""axe reads a page as it stands: what keeps people out, by WCAG 2.2 at level AA."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from local.browser.find import AXE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
RUN = """([only]) => axe.run(document, {
  runOnly: only,
  rules: { "target-size": { enabled: true } },  // new in 2.2, and off unless it is asked for
  resultTypes: ["violations"],
})"""

STILL = """() => document.getAnimations().every((each) =>
  each.playState !== "running" || each.effect.getTiming().iterations === Infinity)"""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds, a line each: the rule, the element, and what is wrong with it."""
    return _found(page, {"type": "tag", "values": TAGS})


def low_contrast(page: Page) -> list[str]:
    """The same of contrast alone: all that another colour scheme of the same page can spoil."""
    return _found(page, {"type": "rule", "values": ["color-contrast"]})


def _found(page: Page, only: dict[str, Any]) -> list[str]:
    page.wait_for_function(STILL)  # a colour on its way to another has the contrast of neither
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())  # by the debugger, which the page's policy does not bind
    found: dict[str, Any] = page.evaluate(RUN, [only])
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
