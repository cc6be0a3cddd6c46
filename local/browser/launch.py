"""Start the browser under Playwright, which runs on the Node of the Python packages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright

from local.browser.find import find_browser
from local.processes import clean_environment
from operations.cdk import NODE

DRIVER_NODE = "PLAYWRIGHT_NODEJS_PATH"  # its own Node needs libatomic, which a small system has not
NO_LOOK_UPS = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


@contextmanager
def launched(*, headed: bool = False, slow_motion: float = 0) -> Iterator[Browser]:
    """A browser that reaches this machine alone, while the block runs; raises `LocalError` where there is none.

    ``headed``: in a window, for which an installed browser is needed. ``slow_motion`` is milliseconds between steps.
    """
    found = find_browser()
    with patch.dict(os.environ, {DRIVER_NODE: str(NODE / "node")}):
        playwright = sync_playwright().start()
    try:
        browser = playwright.chromium.launch(
            executable_path=found.executable,
            env=dict(clean_environment(**found.environment)),
            args=[NO_LOOK_UPS],
            headless=not headed,
            slow_mo=slow_motion,
        )
        with browser:
            yield browser
    finally:
        playwright.stop()
