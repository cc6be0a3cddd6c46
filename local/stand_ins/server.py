"""Serves the stand-ins: in this process until a signal, or in a thread beside a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn

from local.stand_ins.app import create_app
from local.stand_ins.config import ProvidersConfig

_START_SECONDS, _STOP_SECONDS = 10.0, 10.0
_POLL_SECONDS = 0.02


def make_server(config: ProvidersConfig, port: int) -> uvicorn.Server:
    """A server on a loopback port, not started; it logs warnings only."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(config),
            host="127.0.0.1",
            port=port,
            lifespan="on",
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    )


@contextmanager
def serving(config: ProvidersConfig) -> Iterator[None]:
    """Serve on ``base_url``'s port in a thread. Raises `RuntimeError` when it does not start."""
    server = make_server(config, urlsplit(config.base_url).port or 80)
    thread = threading.Thread(target=server.run, name="providers")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(round(_START_SECONDS / _POLL_SECONDS)):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(_POLL_SECONDS)
    raise RuntimeError("the providers' stand-ins did not start")
