"""Synthesize the stack and deploy it into the local cloud, both by the real CDK command line."""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.cloud.aws import ACCOUNT, Aws
from local.processes import ROOT, Child, clean_environment
from operations import cdk

SOURCES = ("app.py", "cdk.json", "requirements.txt", "infra", "functions", "layers")
QUIET = ("--no-notices", "--no-color", "--ci", "--version-reporting=false")
CDK_SECONDS = 300


class Deployment:
    """One stack, synthesized for ``context`` into ``state/cdk.out``, and its way into ``aws``."""

    def __init__(self, aws: Aws, context: Mapping[str, str], state: Path) -> None:
        self._aws = aws
        self._context = context
        self._assembly = state / "cdk.out"
        self._stamp = state / "cdk.out.stamp"
        self._outputs = state / "outputs.json"
        self._logs, self._scratch = state / "logs", state / "scratch"

    @property
    def fresh(self) -> bool:
        """Whether the assembly was made from just these sources and this context."""
        return self._assembly.exists() and self._stamp.exists() and self._stamp.read_text() == self._digest()

    def start_synth(self) -> Child:
        """Start to synthesize; a `finish_synth` has to follow."""
        self._stamp.unlink(missing_ok=True)
        context = [part for name, value in self._context.items() for part in ("--context", f"{name}={value}")]
        return self._cdk("synth", "--quiet", "--output", self._assembly, *context)

    def finish_synth(self, synth: Child) -> None:
        """Wait for the assembly; remember what it was made from."""
        digest = self._digest()
        synth.wait(CDK_SECONDS)
        self._stamp.write_text(digest)

    def start_bootstrap(self) -> Child:
        """Start to make what the CDK needs in an account: its bucket and its roles."""
        # Where there is no cdk.json, it does not synthesize the app just to look for environments.
        return self._cdk("bootstrap", f"aws://{ACCOUNT}/{self._aws.access.region}", cwd=self._logs)

    def deploy(self) -> dict[str, str]:
        """Deploy the assembly; answer the stack's outputs."""
        self._outputs.unlink(missing_ok=True)
        how = ("--method=direct", "--require-approval=never", "--outputs-file", self._outputs)
        with self._cdk("deploy", "--all", "--app", self._assembly, *how) as deploy:
            deploy.wait(CDK_SECONDS)
        stacks: dict[str, dict[str, str]] = json.loads(self._outputs.read_text())
        return {name: value for outputs in stacks.values() for name, value in outputs.items()}

    def _cdk(self, command: str, *arguments: object, cwd: Path = ROOT) -> Child:
        environment = clean_environment(TMPDIR=str(self._scratch), **self._aws.environment, **_tool_environment())
        return Child(
            f"cdk {command}",
            [cdk.NODE / "node", cdk.COMMAND, command, *QUIET, *arguments],
            env=environment,
            log=self._logs / f"cdk-{command}.log",
            cwd=cwd,
        )

    def _digest(self) -> str:
        digest = hashlib.sha256(json.dumps([*self._context.items(), platform.python_version()]).encode())
        for file in _source_files():
            digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        yield from (file for file in sorted([path, *path.rglob("*")]) if file.is_file() and file.suffix != ".pyc")


def _tool_environment() -> dict[str, str]:
    path = f"{cdk.NODE}:{ROOT / '.venv' / 'bin'}:{clean_environment().get('PATH', '')}"
    return {
        "PATH": path,
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(ROOT / ".tools" / "jsii"),  # unpacked once, not on every synthesis
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "PYTHONUNBUFFERED": "1",
    }
