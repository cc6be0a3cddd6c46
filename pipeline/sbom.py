"""What a release consists of, in CycloneDX: a list for each layer, and one for the web client."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from local.install import ROOT
from local.locks import python_locks
from pipeline.npm import NPM
from pipeline.tools import must, tool


def write(out: Path, version: str) -> list[Path]:
    """Write the lists of all that is deployed into ``out``, from the locks alone; answer the files.

    Raises `PipelineError`.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for lock in python_locks():
        if lock.startswith("layers/"):
            files.append(out / f"sbom-{Path(lock).parent.name}.cdx.json")
            must(
                tool("cyclonedx-py"), "requirements", f"{lock}.txt", "--pyproject", "pyproject.toml",
                "--output-reproducible", "--of", "JSON", "--output-file", str(files[-1]),
            )  # fmt: skip
    files.append(out / "sbom-web.cdx.json")
    files[-1].write_text(_of_web(version), encoding="utf-8")
    return files


def _of_web(version: str) -> str:
    """npm lists nothing of a package that has no version, and the web client's has none of its own; it is called by the
    name of its folder.
    """
    with TemporaryDirectory() as above:
        folder = Path(above, "veil-web")
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            told = json.loads((ROOT / "web" / name).read_text(encoding="utf-8"))
            (folder / name).write_text(json.dumps({**told, "version": version}), encoding="utf-8")
        return must(*NPM, "sbom", "--package-lock-only", "--sbom-format", "cyclonedx", folder=folder)
