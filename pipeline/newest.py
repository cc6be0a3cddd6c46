"""What is deployed by a merge is the last commit of main: an old run that is started again is refused."""

from collections.abc import Mapping

from pipeline.errors import PipelineError
from pipeline.tools import installed, must


def check(environ: Mapping[str, str]) -> str:
    """The commit of this run, by GitHub's ``gh``; raises `PipelineError` where main has another one by now."""
    try:
        repository, commit = environ["GITHUB_REPOSITORY"], environ["GITHUB_SHA"]
    except KeyError as missing:
        raise PipelineError(f"{missing} is not set: this is for a workflow") from None
    gh = installed("gh", "so nobody tells where main is")
    main = must(gh, "api", f"repos/{repository}/git/ref/heads/main", "--jq", ".object.sha").strip()
    if main != commit:
        raise PipelineError(
            f"main has moved on to {main}: approve the later run; to deploy {commit}, run *deploy* by hand"
        )
    return commit
