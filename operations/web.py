"""The web client, built from ``web/`` into ``web/dist``: ``python -m operations.web``.

A build is done again only when one of its sources has changed.
"""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from operations.cdk import NODE, ROOT
from operations.errors import OperationError

WEB = ROOT / "web"
DIST = WEB / "dist"
STAMP = ROOT / ".build" / "web.stamp"
API = ROOT / "layers" / "shared" / "python" / "veil"  # whose words the fonts have
MADE = tuple(WEB / name for name in ("dist", "node_modules", "tests", "src/styles/fonts"))
STEPS = (  # as package.json has them; without npm, which costs a second
    ("fonts", ["fonts.ts"]),
    ("the type check", ["node_modules/typescript/bin/tsc", "--noEmit"]),
    ("the bundle", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]),
)

type Run = Callable[[Sequence[str]], int]


def fresh() -> bool:
    """Whether ``web/dist`` was built from just these sources."""
    return (DIST / "index.html").exists() and STAMP.exists() and STAMP.read_text() == _digest()


def build(run: Run | None = None) -> None:
    """Build it, if need be; raises `OperationError` where the packages are missing or a step fails."""
    if fresh():
        return
    if not (WEB / "node_modules").exists():
        raise OperationError("what the web client is built with is not installed: python3 local/install.py --web")
    STAMP.unlink(missing_ok=True)
    digest = _digest()
    for name, words in STEPS:
        if (run or _run)([str(NODE / "node"), *words]):
            raise OperationError(f"the web client is not built: {name} failed; why is said above")
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(digest)


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, cwd=WEB, check=False).returncode


def _digest() -> str:
    digest = hashlib.sha256()
    for file in _sources():
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    """What a build reads, in a fixed order."""
    for folder, _, names in sorted(WEB.walk(on_error=_raise)):
        if not any(folder.is_relative_to(made) for made in MADE):
            yield from (folder / name for name in sorted(names))
    for part in ("api", "domain"):
        yield from sorted(file for file in (API / part).iterdir() if file.suffix == ".py")


def _raise(error: OSError) -> None:
    raise error


def main() -> int:
    try:
        build()
    except OperationError as error:
        print(f"web: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
