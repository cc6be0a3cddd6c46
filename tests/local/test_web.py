"""What is edited of the web client is built and published, and a build that fails changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import time
from typing import Any

import pytest

from local.cloud import web as module
from local.cloud.web import publish, rebuilding
from local.processes import LocalError
from operations import web
from tests.e2e.world import until
from tests.local.test_running import RUNNING

LIVE_SECONDS = 20


class Checkout:
    """A web client's folder of its own; ``published`` counts; ``error`` is what building it ends with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.published, self.error = folder, 0, ""
        for name in ("src/app.ts", "index.html", "dist/index.html", "node_modules/x/index.js"):
            self.edit(name, "")

    def edit(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def edit_until(self, name: str, condition: Callable[[], object]) -> None:
        """Edit a file again and again: a watcher that has only just started does not see the first one."""

        def edited() -> object:
            self.edit(name, f"{time()}")
            return condition()

        until(edited, LIVE_SECONDS)

    def publish(self, *_: object) -> None:
        if self.error:
            raise LocalError(self.error)
        self.published += 1


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = Checkout(tmp_path)
    monkeypatch.setattr(web, "WEB", tmp_path)
    monkeypatch.setattr(web, "MADE", (tmp_path / "dist", tmp_path / "node_modules"))
    monkeypatch.setattr(module, "start_build", lambda _: nullcontext())
    monkeypatch.setattr(module, "publish", made.publish)
    return made


@contextmanager
def watching(said: list[str]) -> Iterator[None]:
    with rebuilding(RUNNING, Path("logs"), said.append):
        yield


@pytest.mark.parametrize("name", ["src/app.ts", "src/screens/new.tsx", "index.html"])
def test_an_edit_is_published(checkout: Checkout, name: str) -> None:
    said: list[str] = []
    with watching(said):
        checkout.edit_until(name, lambda: checkout.published)
    assert said[0].startswith("the web client is built and published in ")


def test_what_is_built_is_no_edit(checkout: Checkout) -> None:
    said: list[str] = []
    with watching(said):
        for name in ("dist/index.html", "node_modules/x/index.js"):
            checkout.edit(name, "made")
        checkout.edit_until("src/app.ts", lambda: checkout.published)
    published = checkout.published
    assert published == len(said)


def test_one_that_can_not_be_built_is_said_and_the_next_is_published(checkout: Checkout) -> None:
    checkout.error = "the type check failed"
    said: list[str] = []
    with watching(said):
        checkout.edit_until("src/app.ts", lambda: said)
        assert said[0] == "the web client is as before: the type check failed"
        checkout.error = ""
        checkout.edit_until("src/app.ts", lambda: checkout.published)


def test_it_is_published_once_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[object] = []

    class Build:
        def wait(self, _: float) -> None:
            steps.append("built")

    class Publish:
        def __init__(self, _: Any, site: Any, __: Any) -> None:
            steps.append(site)

        def __call__(self, folder: Path) -> None:
            steps.append(folder)

    monkeypatch.setattr(module, "Publish", Publish)
    publish(RUNNING, Build())  # type: ignore[arg-type]
    assert steps == ["built", RUNNING.site, web.DIST]
