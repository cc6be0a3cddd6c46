"""The web client on the local cloud: built, published, and again whenever one of its files is saved."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from watchfiles import Change, watch

from local.cloud.running import RunningCloud
from local.processes import Child, clean_environment
from operations import web
from operations.errors import OperationError
from operations.progress import Progress
from operations.publish import Publish

BUILD_SECONDS = 180


def start_build(logs: Path) -> Child:
    """Start to build it, if need be; `publish` waits for it."""
    return Child(
        "the web client's build",
        [sys.executable, "-m", "operations.web"],
        env=clean_environment(),
        log=logs / "web.log",
    )


def publish(running: RunningCloud, build: Child) -> None:
    """Publish it once ``build`` has ended; raises `OperationError`."""
    build.wait(BUILD_SECONDS)
    Publish(running.client, running.site, Progress(Console(quiet=True)))(web.DIST)


@contextmanager
def rebuilding(running: RunningCloud, logs: Path, say: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, build and publish what is edited; say in a line that it was, or why not."""
    stop = Event()
    watcher = Thread(target=_watch, args=(running, logs, say, stop), name="rebuild")
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _watch(running: RunningCloud, logs: Path, say: Callable[[str], None], stop: Event) -> None:
    # Not the folder itself: of what it has beside its sources, there are thousands of files.
    sources = [path for path in web.WEB.iterdir() if path not in web.MADE]
    for _ in watch(*sources, watch_filter=_is_source, stop_event=stop):
        started = monotonic()
        try:
            with start_build(logs) as build:
                publish(running, build)
        except (OperationError, OSError, ClientError, BotoCoreError) as error:
            say(f"the web client is as before: {error}")
        else:
            say(f"the web client is built and published in {monotonic() - started:.1f} s: reload the page")


def _is_source(_: Change, path: str) -> bool:
    return not any(Path(path).is_relative_to(made) for made in web.MADE)
