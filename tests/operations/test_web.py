"""When the web client is built again, and what is said when it can't be."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from operations import web
from operations.errors import OperationError


class Build:
    """A checkout of its own, and what is run there in the place of Node."""

    def __init__(self, root: Path) -> None:
        self.root, self.ran, self.fails = root, list[str](), ""
        for name in ("web/src/app.ts", "web/package.json", "web/node_modules/x.js", "web/src/styles/fonts/a.woff2"):
            self.edit(name)
        for name in ("api/words.py", "domain/styles.py"):
            self.edit(f"veil/{name}")

    def edit(self, name: str, text: str = "") -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run(self, command: Sequence[str]) -> int:
        self.ran.append(Path(command[1]).name)
        if command[1].endswith("vite.js"):
            self.edit("web/dist/index.html")
        return int(self.ran[-1] == self.fails)

    def built(self) -> list[str]:
        """What a build runs now."""
        self.ran.clear()
        web.build(self.run)
        return list(self.ran)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    made = {"ROOT": ".", "WEB": "web", "DIST": "web/dist", "STAMP": ".build/web.stamp", "API": "veil"}
    for name, path in made.items():
        monkeypatch.setattr(web, name, tmp_path / path)
    monkeypatch.setattr(web, "MADE", tuple(tmp_path / file.relative_to(Path(__file__).parents[2]) for file in web.MADE))
    return Build(tmp_path)


def test_it_is_built_once(build: Build) -> None:
    assert not web.fresh()
    assert build.built() == ["fonts.ts", "tsc", "vite.js"]
    assert web.fresh()
    assert build.built() == []


@pytest.mark.parametrize(
    "name", ["web/src/app.ts", "web/public/icon.svg", "web/src/api/schema.d.ts", "veil/domain/x.py"]
)
def test_an_edit_is_built(build: Build, name: str) -> None:
    build.built()
    build.edit(name, "edited")
    assert len(build.built()) == 3


@pytest.mark.parametrize("name", ["web/node_modules/x.js", "web/src/styles/fonts/a.woff2", "web/tests/x.test.ts"])
def test_what_is_no_source_of_it_is_not(build: Build, name: str) -> None:
    build.built()
    build.edit(name, "edited")
    assert build.built() == []


def test_a_build_that_is_gone_is_made_again(build: Build) -> None:
    build.built()
    (build.root / "web/dist/index.html").unlink()
    assert len(build.built()) == 3


def test_a_step_that_fails_ends_it_and_the_next_run_starts_anew(build: Build) -> None:
    build.fails = "tsc"
    with pytest.raises(OperationError, match="the type check failed"):
        build.built()
    assert not web.fresh()
    build.fails = ""
    assert len(build.built()) == 3


def test_without_its_packages(build: Build) -> None:
    (build.root / "web/node_modules/x.js").unlink()
    (build.root / "web/node_modules").rmdir()
    with pytest.raises(OperationError, match=r"install\.py --web"):
        build.built()
