"""An edited function is live on the running local cloud at once: what ``make up`` does whenever a file is saved."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import make_archive
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError
from watchfiles import Change, watch

from infra import bundling
from local.cloud.options import STAGE
from local.cloud.running import RunningCloud
from local.processes import ROOT, LocalError

FUNCTIONS, SHARED = ROOT / "functions", ROOT / "layers" / "shared"


@contextmanager
def reloading(running: RunningCloud, say: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, deploy what is edited; say in a line what was deployed, or why not."""
    stop = Event()
    watcher = Thread(target=_watch, args=(running, say, stop), name="reload")
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def reload(running: RunningCloud, changed: Iterable[Path]) -> list[str]:
    """Deploy what these files are part of, by Lambda's API alone; the names of the functions that start anew.

    Raises `LocalError` before anything is deployed when a file is no Python.
    """
    files = list(changed)
    for file in files:
        _check(file)
    edited = {file.relative_to(FUNCTIONS).parts[0] for file in files if file.is_relative_to(FUNCTIONS)}
    names = [name for name in running.functions if name in edited]
    for name in names:
        running.client("lambda").update_function_code(
            FunctionName=running.functions[name], ZipFile=_zipped(bundling.function(name))
        )
    if any(file.is_relative_to(SHARED) for file in files):
        names = list(running.functions)
        _replace_shared_layer(running)
    return names


def _check(file: Path) -> None:
    if file.suffix == ".py" and file.exists():
        try:
            compile(file.read_bytes(), file, "exec")
        except SyntaxError as error:
            raise LocalError(f"{file}:{error.lineno}: {error.msg}") from None


def _replace_shared_layer(running: RunningCloud) -> None:
    """Publish the shared layer as it is now, and let every function use it in the place of the last one."""
    client, layer = running.client("lambda"), f"veil-{STAGE}-shared"
    content = {"ZipFile": _zipped(bundling.shared_layer())}
    published = client.publish_layer_version(LayerName=layer, Content=content)["LayerVersionArn"]
    for function in running.functions.values():
        deployed = [each["Arn"] for each in client.get_function_configuration(FunctionName=function)["Layers"]]
        layers = [published if f":layer:{layer}:" in arn else arn for arn in deployed]
        client.update_function_configuration(FunctionName=function, Layers=layers)


def _zipped(folder: Path) -> bytes:
    with TemporaryDirectory() as scratch:
        return Path(make_archive(f"{scratch}/code", "zip", folder)).read_bytes()


def _watch(running: RunningCloud, say: Callable[[str], None], stop: Event) -> None:
    for changes in watch(FUNCTIONS, SHARED, watch_filter=_is_source, stop_event=stop):
        started = monotonic()
        try:
            names = reload(running, sorted({Path(path) for _, path in changes}))
        except (LocalError, bundling.BuildError, OSError, ClientError, BotoCoreError) as error:
            say(f"not reloaded: {error}")
        else:
            say(f"reloaded {', '.join(names)} in {monotonic() - started:.1f} s")


def _is_source(_: Change, path: str) -> bool:
    return Path(path).suffix in bundling.SOURCES
