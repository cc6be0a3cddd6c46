"""A run that failed becomes an issue; if it is open already, it gets a comment and no second one is made."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from pipeline.issues import tell, this_run

LINES, CHARACTERS = 80, 20_000


def report(title: str, command: Sequence[str], *, quote: bool, environ: Mapping[str, str] | None = None) -> int:
    """Run ``command``, show what it prints, and tell of its failure in the issue ``title``; answer its exit status.

    ``quote``: with the end of what it printed. An issue stays for ever and a log does not, so what may name a user is
    left in the log. Raises `PipelineError` where the issue can't be written.
    """
    printed: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            printed = [*printed, line][-LINES:]
    if running.returncode:
        tell(title, _body(running.returncode, "".join(printed) if quote else "", environ or os.environ))
    return running.returncode


def _body(status: int, printed: str, environ: Mapping[str, str]) -> str:
    told = f"It ended with {status} at {this_run(environ)}"
    fence = "~~~~"
    quoted = printed[-CHARACTERS:].replace(fence, "~~~")
    return (
        f"{told}\n\n{fence}text\n{quoted.rstrip()}\n{fence}\n"
        if quoted
        else f"{told}\n\nThe log says what was found.\n"
    )
