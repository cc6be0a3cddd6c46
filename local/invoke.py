"""``python -m local invoke``: one function's handler in this process, with what it has on the running local cloud."""

import json
import os
from bdb import BdbQuit
from collections.abc import Callable
from pathlib import Path
from pdb import Pdb, post_mortem
from types import FrameType, ModuleType
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from local.cloud.running import RunningCloud
from local.processes import LocalError, clean_environment
from local.simulated.functions import Answer, Context, cold, http_event

METHODS = ("GET", "PUT", "POST", "DELETE")


def invoke(running: RunningCloud, function: str, event: Any, *, debug: bool = False) -> Any:
    """What ``function`` returns for ``event``: with its settings, and the table, bucket and secrets of ``running``.

    It acts as the root user, not in its role. ``debug``: under pdb, from its own first line on, and where it fails.
    """
    deployed = running.client("lambda").get_function_configuration(FunctionName=running.function(function))
    settings = deployed["Environment"]["Variables"]
    with patch.dict(os.environ, clean_environment(**settings | running.aws.environment), clear=True):
        module = cold(function)
        if not debug:
            return module.handler(event, Context())
        try:
            return _Debugger(module).runcall(module.handler, event, Context())
        except BdbQuit:
            raise LocalError("the debugger was left before the function's end") from None
        except Exception as error:
            post_mortem(error.__traceback__)
            raise


def event_of(text: str, user: str) -> Any:
    """The event that ``text`` names: a file of JSON, or a request: ``GET /credits?limit=3``, ``POST /uploads {…}``.

    Raises `LocalError` where it is neither.
    """
    method, _, rest = text.partition(" ")
    if method in METHODS:
        target, _, body = rest.strip().partition(" ")
        url = urlsplit(target)
        return http_event(method, url.path, body or None, user=user, query=dict(parse_qsl(url.query)))
    try:
        return json.loads(Path(text).read_text())
    except OSError as error:
        raise LocalError(f"{text!r} is no request, and no file that can be read ({error.strerror})") from None
    except ValueError as error:
        raise LocalError(f"{text} holds no JSON: {error}") from None


def show(result: Any, say: Callable[[str], None]) -> None:
    """Say what a handler returned: an HTTP answer as status, headers and body, anything else as JSON."""
    if not (isinstance(result, dict) and "statusCode" in result):
        say(json.dumps(result, indent=2, ensure_ascii=False))
        return
    answer = Answer.of(result)
    say(f"HTTP {answer.status}")
    for name, value in sorted(answer.headers.items()):
        say(f"{name}: {value}")
    if "json" in answer.headers.get("content-type", ""):
        say("\n" + json.dumps(answer.json, indent=2, ensure_ascii=False))
    elif answer.text:
        say(f"\n{answer.text}")


class _Debugger(Pdb):
    """Stops first in ``module``, then in all of the project's own code; it steps over the libraries."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(skip=["*"])
        self._own: tuple[str, ...] = (module.__name__,)

    def is_skipped_module(self, module_name: str | None) -> bool:
        return not (module_name or "").startswith(self._own)

    def user_line(self, frame: FrameType) -> None:
        self._own = (*self._own, "veil.")
        super().user_line(frame)
