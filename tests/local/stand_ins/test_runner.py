"""Deadlines shorter than the API's least (5 s), and the child process's end, without the HTTP server."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from local.stand_ins import ProvidersConfig, valkey
from local.stand_ins.control import Control
from local.stand_ins.predictions import Prediction
from local.stand_ins.runner import Runner

CONFIG = ProvidersConfig(
    base_url="http://127.0.0.1:1",
    replicate_token="r8_test",
    webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    azure_key="azure-key",
    upstash_token="upstash-token",
)
PARENT = """
import asyncio
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job is born with SIGINT ignored
from local.stand_ins import valkey

async def main():
    async with valkey.server() as server:
        async with server.connection() as connection:
            print((await connection.call(b"INFO", b"server")).decode().split("process_id:")[1].split()[0], flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def _given_up(queue: float) -> Prediction:
    control = Control()
    control.faults = control.faults.merged({"replicate": {"queue": queue, "latency": 60}})
    runner = Runner(CONFIG, control)
    prediction = Prediction("google/nano-banana", {"prompt": "x"}, None, frozenset(), cancel_after=0.05)
    async with runner.running():
        runner.start(prediction)
        await asyncio.wait_for(prediction.decided.wait(), 2)
    return prediction


@pytest.mark.parametrize(("queue", "status"), [(60.0, "aborted"), (0.0, "canceled")])
def test_its_deadline_aborts_before_and_cancels_after_the_start(queue: float, status: str) -> None:
    prediction = asyncio.run(_given_up(queue))
    assert prediction.status == status
    assert (prediction.started_at is None) == (status == "aborted")


def _gone(process_id: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_with_its_parent(end: signal.Signals, tmp_path: Path) -> None:
    command, environment = [sys.executable, "-c", PARENT], {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert not _gone(server)
        os.kill(parent.pid, end)
        try:
            parent.wait(5)
        finally:
            parent.kill()
    pause = threading.Event()
    assert any(_gone(server) or pause.wait(0.02) for _ in range(100))


def test_two_servers_side_by_side() -> None:
    async def both() -> list[valkey.Reply]:
        async with valkey.server() as one, valkey.server() as other:
            async with one.connection() as connection:
                await connection.call(b"SET", b"k", b"v")
            async with other.connection() as connection:
                return [await connection.call(b"GET", b"k"), await connection.call(b"DBSIZE")]

    assert asyncio.run(both()) == [None, 0]
