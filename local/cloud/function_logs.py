"""What the functions logged, saved beside the other logs: the local AWS forgets it when it stops."""

from contextlib import suppress
from pathlib import Path

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.running import RunningCloud

QUICK = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})


def save_function_logs(running: RunningCloud, folder: Path) -> None:
    """Write ``folder/<function>.log``, each event on its line, oldest first; up to where the AWS does not answer."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = running.client("logs", config=QUICK).get_paginator("filter_log_events")
    with suppress(ClientError, BotoCoreError):
        for name, function in running.functions.items():
            with (folder / f"{name}.log").open("w") as file:
                for page in pages.paginate(logGroupName=f"/aws/lambda/{function}"):
                    file.writelines(f"{event['message'].rstrip()}\n" for event in page["events"])
