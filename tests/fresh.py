"""Fresh interpreters: with this environment's packages, or with those of a function as deployed."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from proofs.bench.deployed import PYTHON
from tests.test_settings import WHOLE

ENVIRONMENT = {
    **WHOLE,
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "cold",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
}


def printed(code: str, **more: str) -> str:
    """What ``code`` prints, with every function's settings and ``more``."""
    return _printed([sys.executable], code, {**ENVIRONMENT, **more})


def printed_bare(code: str, environment: Mapping[str, str]) -> str:
    """What ``code`` prints where nothing is installed: with the packages on its ``PYTHONPATH`` alone."""
    return _printed([PYTHON, "-S"], code, environment)


def _printed(command: Sequence[str], code: str, environment: Mapping[str, str]) -> str:
    run = subprocess.run(
        [*command, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()
