"""A release's lists of parts have what is locked, and say of which release they are."""

import json
from pathlib import Path

import pytest

from local.processes import ROOT
from pipeline import sbom


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, dict[str, object]]:
    """Of one layer and of the web client: each layer's takes seconds."""
    monkeypatch.setattr(sbom, "python_locks", lambda: ["layers/signing/requirements", "local/uv-requirements"])
    return {file.name: json.loads(file.read_text()) for file in sbom.write(tmp_path / "out", "1.2.3")}


def _parts(listed: dict[str, object]) -> set[str]:
    return {part["purl"].partition("?")[0] for part in listed["components"]}  # type: ignore[attr-defined]


def test_what_is_deployed_is_listed(lists: dict[str, dict[str, object]]) -> None:
    assert set(lists) == {"sbom-signing.cdx.json", "sbom-web.cdx.json"}
    assert all(listed["bomFormat"] == "CycloneDX" for listed in lists.values())
    lock = (ROOT / "layers" / "signing" / "requirements.txt").read_text().splitlines()
    pinned = {line.split()[0].replace("==", "@") for line in lock if "==" in line.partition(" ")[0]}
    assert _parts(lists["sbom-signing.cdx.json"]) == {f"pkg:pypi/{each}" for each in pinned}
    dependencies = json.loads((ROOT / "web" / "package.json").read_text())["dependencies"]
    assert f"pkg:npm/preact@{dependencies['preact']}" in _parts(lists["sbom-web.cdx.json"])
    web = lists["sbom-web.cdx.json"]["metadata"]["component"]  # type: ignore[index]
    assert (web["name"], web["version"]) == ("veil-web", "1.2.3")
