"""GitHub's program, played: it answers what it is asked with, and remembers what it was told."""

import json
import sys
from pathlib import Path

WHERE = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "veil-team/veil",
    "GITHUB_RUN_ID": "77",
    "GITHUB_SHA": "c0ffee",
}
GH = """\
#!{python}
import json, sys
asked = sys.argv[1] == "api" or sys.argv[2] == "list"
with open({calls!r}, "a") as file:
    file.write(json.dumps([sys.argv[1:], "" if asked else sys.stdin.read()]) + "\\n")
print(open({answer!r}).read() if asked else "https://github.com/veil-team/veil/issues/3")
sys.exit({status})
"""


class Gh:
    """It stands in ``folder``, which the tests put first in the path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.open_are()

    def open_are(self, *titles: str, status: int = 0) -> None:
        """The issues that are open."""
        self.answers(json.dumps([{"number": number, "title": title} for number, title in enumerate(titles, 1)]), status)

    def answers(self, text: str, status: int = 0) -> None:
        """What it prints when it is asked."""
        (self._folder / "answer").write_text(text)
        (self._folder / "calls").write_text("")
        paths = {"calls": str(self._folder / "calls"), "answer": str(self._folder / "answer")}
        program = self._folder / "gh"
        program.write_text(GH.format(python=sys.executable, status=status, **paths))
        program.chmod(0o755)

    @property
    def calls(self) -> list[tuple[list[str], str]]:
        return [(arguments, body) for arguments, body in map(json.loads, self._lines)]

    @property
    def told(self) -> list[tuple[list[str], str]]:
        return [(arguments, body) for arguments, body in self.calls if arguments[1] != "list"]

    @property
    def _lines(self) -> list[str]:
        return (self._folder / "calls").read_text().splitlines()
