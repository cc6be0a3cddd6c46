"""What the web client is built from: its logic, its types, and how much of it the first screen loads."""

import os
import subprocess
from pathlib import Path

from infra.edge_headers import app, docs, pay, written
from local.web_shots.policy import policy
from local.web_weight import LIMIT_BYTES, first_screen
from operations.cdk import NODE
from operations.web import WEB


def _node(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(NODE / "node"), *map(str, words)]
    plain = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=WEB, env=plain, capture_output=True, text=True, check=False, timeout=120)


def test_the_logic() -> None:
    """What needs no browser has tests of its own, in `web/tests/`."""
    done = _node("node_modules/vitest/vitest.mjs", "run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_are_of_the_api(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    done = _node("types.ts", made)
    assert done.returncode == 0, done.stderr
    assert made.read_text() == (WEB / "src" / "api" / "schema.d.ts").read_text(), "write them anew: make openapi"


def test_the_first_screen_is_light(dist: Path) -> None:
    loaded = first_screen(dist)
    assert {Path(path).suffix for path in loaded} == {".js", ".css"}
    assert sum(loaded.values()) <= LIMIT_BYTES, loaded


def test_what_a_page_imports_counts_as_its_own(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<link rel="modulepreload" href="/b.js"><script src="/a.js"></script>')
    for name in ("a.js", "b.js"):
        (tmp_path / name).write_text("x")
    assert set(first_screen(tmp_path)) == {"/a.js", "/b.js"}


def test_nothing_stands_within_a_page(dist: Path) -> None:
    """The policy would refuse it: scripts and styles are files."""
    for page in dist.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<style" not in text
        assert text.count("<script") == text.count('<script type="module" crossorigin src=')


def test_the_fake_edge_has_the_policies_of_the_stack() -> None:
    toss = "http://127.0.0.1:1"
    of_the_stack = {"index.html": app(()), "docs.html": docs(), "pay.html": pay(toss)}
    for page, sources in of_the_stack.items():
        assert sorted(policy(page, toss).split("; ")) == sorted(written(sources).split("; ")), page
