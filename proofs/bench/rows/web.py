"""The web client's first screen on a slow phone, beside an empty page there; and what has to be loaded for it.

The phone is the browser's own emulation: a processor four times slower, 1.6 Mbit/s, and 150 ms for each answer. A page
can be used when its one action has been drawn; the client's is made by its script, the empty page's stands in it.
"""

from collections.abc import Iterator
from contextlib import closing

from playwright.sync_api import Browser

from local.browser.launch import launched
from local.web_shots.edge import FakeEdge, serving
from local.web_shots.looks import LOOKS
from local.web_shots.states import STATES
from local.web_weight import LIMIT_BYTES, first_screen
from operations.web import DIST, build
from proofs.bench.row import BenchRow, in_turns, measured
from veil.domain.language import Language

SLOWER = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
START = next(state for state in STATES if state.name == "start")
EMPTY = (
    b'<!doctype html><html lang="en"><title>Empty</title><main><h1>Empty</h1><a class="button" href="/">Go</a></main>'
)
LIMIT = 5.0  # 2 s are 8.5 times what the empty page takes (0.23 s)
DRAWN = """
new MutationObserver((_, watching) => {
  if (!document.querySelector("a.button")) return;
  watching.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.drawn = performance.now())));
}).observe(document, { childList: true, subtree: true });
"""


def web(turns: int) -> Iterator[BenchRow]:
    """Both rows; the seconds are those from when the page was asked for."""
    build()
    weight = sum(first_screen(DIST).values())
    yield BenchRow("first screen: scripts and styles, gzipped", "allowed", weight / 1e3, LIMIT_BYTES / 1e3, "kB", 1.0)
    with launched() as browser, serving(DIST) as edge:
        START.answer(edge, Language.KO)
        edge.pages["/empty"] = EMPTY
        ways = {"ours": lambda: seconds(browser, edge, "/"), "empty": lambda: seconds(browser, edge, "/empty")}
        taken = in_turns(ways, turns)
    name, what = "first screen: until it can be used, on a slow phone", "an empty page in the same browser"
    yield measured(name, what, taken["ours"], taken["empty"], unit="s", limit=LIMIT)


def seconds(browser: Browser, edge: FakeEdge, path: str) -> float:
    """Until a page's action has been drawn, in a profile that has seen nothing before."""
    with closing(browser.new_context(**LOOKS[0].options)) as context:
        page = context.new_page()
        page.add_init_script(DRAWN)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{edge.origin}{path}")
        drawn = page.wait_for_function("() => window.drawn").json_value()
        return float(drawn) / 1e3
