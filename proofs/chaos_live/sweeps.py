"""The sweep, more often than every minute."""

from threading import Event

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.running import RunningCloud
from proofs.chaos_live.score import Score

CALM = Config(read_timeout=200, retries={"total_max_attempts": 1})  # past the 180 s of the sweeper


class Sweeps:
    """Calls the deployed sweeper."""

    def __init__(self, running: RunningCloud, score: Score) -> None:
        self._running, self._score = running, score
        self._lambda = running.client("lambda", config=CALM)

    def run(self, stop: Event, every: float) -> None:
        """One after another, ``every`` seconds apart, until ``stop`` is set."""
        while not stop.wait(every):
            self._score.sweeps[self._sweep()] += 1

    def _sweep(self) -> str:
        try:
            answer = self._lambda.invoke(FunctionName=self._running.functions["sweeper"], Payload=b"{}")
        except (BotoCoreError, ClientError) as error:
            return type(error).__name__
        return "failed" if "FunctionError" in answer else "done"
