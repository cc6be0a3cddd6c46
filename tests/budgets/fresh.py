"""A fresh interpreter, with every function's settings."""

import subprocess
import sys

from tests.test_settings import WHOLE

ENVIRONMENT = {
    **WHOLE,
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "cold",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
}


def printed(code: str) -> str:
    """What it prints."""
    run = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, timeout=30, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()
