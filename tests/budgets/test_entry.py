"""A function starts without looking for garbage, and looks for some afterwards."""

from pathlib import Path

from tests.fresh import printed


def test_garbage_is_not_looked_for_while_a_function_starts(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("import gc\nhandler = gc.isenabled(), gc.get_freeze_count() > 0")
    code = "import gc, veil.entry; print(veil.entry.handler, (gc.isenabled(), gc.get_freeze_count() > 0))"
    assert printed(code, PYTHONPATH=str(tmp_path)) == "(False, False) (True, True)"
