"""The local AWS: ministack in strict mode, where TLS, signatures and IAM are enforced as the real one does."""

import os
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Self

import httpx

from local.cloud.access import AwsAccess
from local.cloud.certificates import Certificates
from local.cloud.ports import HOST
from local.processes import ROOT, Child, clean_environment
from operations import cdk

PYTHON = ROOT / ".tools" / "cloud" / "bin" / "python"
REGION = "ap-northeast-2"
ACCOUNT = "000000000000"
START_SECONDS = 60


@dataclass(frozen=True)
class Aws:
    """It, as its root user reaches it, and the certificates of its servers."""

    access: AwsAccess
    certificates: Certificates

    @classmethod
    def at(cls, endpoint_url: str, certificates: Certificates) -> Self:
        """One with a secret of its own. Its root user's key is called "test": ministack's name for it."""
        secret, bundle = secrets.token_hex(20), str(certificates.bundle)
        return cls(
            AwsAccess(
                endpoint_url=endpoint_url,
                region=REGION,
                access_key_id="test",
                secret_access_key=secret,
                ca_bundle=bundle,
            ),
            certificates,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the CDK command line and the SDKs read."""
        return self.access.environment | {"NODE_EXTRA_CA_CERTS": str(self.certificates.authority)}


def start_aws(
    aws: Aws, port: int, scratch: Path, log: Path, *, endpoints: Mapping[str, str], beside: Mapping[str, str]
) -> Child:
    """Start it; its Lambda functions run as its children and keep their files in ``scratch``.

    ``endpoints``: where they find a service, by the SDK's name of it, when not at ``aws`` itself; ``beside``: more
    variables for their processes, which inherit them.
    """
    files = aws.certificates
    # Not its own command: that one also takes port 443 when it may, and listens there for Cognito's clients.
    command = [
        PYTHON, "-m", "hypercorn", "local.cloud.emulator:app", "--workers", 0, "--bind", f"{HOST}:{port}",
        "--certfile", files.certificate, "--keyfile", files.key, "--keep-alive", 75, "--graceful-timeout", 1,
    ]  # fmt: skip
    elsewhere = {f"AWS_ENDPOINT_URL_{service.upper()}": url for service, url in endpoints.items()}
    environment = _environment(aws, port, scratch) | elsewhere | dict(beside)
    return Child("the local AWS", command, env=environment, log=log)


def wait_for_aws(child: Child, aws: Aws) -> None:
    """Wait until it answers; raise `LocalError` when it does not within a minute."""
    with httpx.Client(verify=aws.certificates.context(), trust_env=False) as client:
        child.wait_until(lambda: _answers(client, f"{aws.access.endpoint_url}/_ministack/health"), START_SECONDS)


def _environment(aws: Aws, port: int, scratch: Path) -> dict[str, str]:
    environment = aws.environment | {
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(aws.certificates.certificate),
        "MINISTACK_SSL_KEY": str(aws.certificates.key),
        "MINISTACK_REGION": aws.access.region,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(scratch),
        "S3_DATA_DIR": str(scratch / "s3"),
        "STATE_DIR": str(scratch / "state"),
        "LAMBDA_EXECUTOR": "local",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
    }
    environment["PATH"] = f"{cdk.NODE}:{os.environ.get('PATH', os.defpath)}"  # CloudFront Functions run in Node
    return clean_environment(**environment)


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == HTTPStatus.OK
    except (httpx.TransportError, ssl.SSLError):
        return False
