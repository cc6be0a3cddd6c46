"""What a workflow has to tell people: one issue for each title; if it is open already, it gets a comment.

It needs no package. ``python3 -m pipeline.issues TITLE`` tells of a job that failed before anything was installed.
"""

import json
import os
import sys
from collections.abc import Mapping

from pipeline.errors import PipelineError
from pipeline.tools import installed, must

LISTED = "1000"


def tell(title: str, body: str) -> None:
    """By GitHub's ``gh``; raises `PipelineError` where it can't be written."""
    gh = installed("gh", "so no issue can be written")
    listed = must(gh, "issue", "list", "--state", "open", "--limit", LISTED, "--json", "number,title")
    open_ones = [str(each["number"]) for each in json.loads(listed) if each["title"] == title]
    if open_ones:
        print(must(gh, "issue", "comment", open_ones[0], "--body-file", "-", given=body).strip())
    else:
        print(must(gh, "issue", "create", "--title", title, "--body-file", "-", given=body).strip())


def this_run(environ: Mapping[str, str]) -> str:
    """Its commit and its address; raises `PipelineError` outside of a workflow."""
    address = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    try:
        return f"{environ['GITHUB_SHA']}: {address.format_map(environ)}"
    except KeyError as missing:
        raise PipelineError(f"{missing} is not set: a report is written by a workflow") from None


if __name__ == "__main__":
    tell(sys.argv[1], f"It could not begin at {this_run(os.environ)}\n\nThe log says which step failed.\n")
