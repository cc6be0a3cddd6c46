"""What the local AWS is started with, and how it names what IAM has to allow."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local.cloud.aws import PYTHON, Aws, start_aws
from local.cloud.certificates import make_certificates
from local.processes import Child
from operations.cdk import NODE


def test_its_functions_at_the_edge_run_in_our_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the machine has none, or another one."""
    started: list[str] = []
    monkeypatch.setattr(Child, "__init__", lambda *_, env, **__: started.append(env["PATH"]))
    aws = Aws.at("https://127.0.0.1:1", make_certificates(tmp_path))
    start_aws(aws, 1, tmp_path, tmp_path / "aws.log", endpoints={}, beside={})
    assert shutil.which("node", path=started[0]) == str(NODE / "node")


@pytest.mark.parametrize(
    ("operation", "action"), [("SendMessageBatch", "sqs:SendMessage"), ("ReceiveMessage", "sqs:ReceiveMessage")]
)
def test_a_batch_of_messages_is_allowed_to_who_may_send_one(operation: str, action: str) -> None:
    """As AWS has it: there is no action of the batch's own."""
    headers = {"x-amz-target": f"AmazonSQS.{operation}"}
    asked = f"iam_actions.extract_iam_action('sqs', 'POST', '/', {headers}, b'', {{}})"
    code = f"import local.cloud.emulator\nfrom ministack.core import iam_actions\nprint({asked})"
    found = subprocess.run([PYTHON, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout.split()[-1] == action
