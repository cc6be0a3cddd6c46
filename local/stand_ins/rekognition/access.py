"""The local AWS, asked as a service of AWS would: whose a key is, what its owner may, what lies in the bucket."""

import ssl
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

import httpx
from botocore.config import Config
from botocore.exceptions import ClientError

from local.cloud.access import AwsAccess
from local.stand_ins.rekognition.errors import RekognitionError
from local.stand_ins.rekognition.request import S3Object

ACTION = "rekognition:CompareFaces"
MAX_OBJECT_BYTES = 15 * 1024 * 1024
_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})


@dataclass(frozen=True)
class Caller:
    """Who signed: ``arn`` is None for the root user, who may all."""

    arn: str | None
    secret: str

    @property
    def policy_source(self) -> str:
        """Whose policies count: a session's are its role's."""
        account, _, resource = (self.arn or "").partition("::")[2].partition(":")
        kind, _, rest = resource.partition("/")
        return f"arn:aws:iam::{account}:role/{rest.split('/')[0]}" if kind == "assumed-role" else self.arn or ""


class LocalAws:
    """One that is reached as ``access`` says; it is asked as its root user."""

    def __init__(self, access: AwsAccess) -> None:
        self.access = access

    def caller(self, access_key: str, token: str) -> Caller:
        """Who has this key and session token. Raises `RekognitionError` where nobody has, or no more."""
        root = self.access
        if access_key == root.access_key_id and not token:
            return Caller(None, root.secret_access_key)
        headers = {"authorization": f"Bearer {root.secret_access_key}"}
        if token:
            headers["x-amz-security-token"] = token
        answer = self._http.get(f"/_local/credentials/{access_key}", headers=headers)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            expired = answer.json().get("code") == "ExpiredTokenException"
            raise RekognitionError("ExpiredTokenException" if expired else "UnrecognizedClientException")
        found = answer.raise_for_status().json()
        arn: str = found["principal_arn"]
        return Caller(None if arn.endswith(":root") else arn, found["secret_access_key"])

    def authorize(self, caller: Caller) -> None:
        """Raises `RekognitionError` unless IAM lets ``caller`` compare faces."""
        if not self._allows(caller, ACTION, "*"):
            because = f"because no identity-based policy allows the {ACTION} action"
            raise RekognitionError(
                "AccessDeniedException", f"User: {caller.arn} is not authorized to perform: {ACTION} {because}"
            )

    def read(self, caller: Caller, where: S3Object) -> bytes:
        """An object that ``caller`` may read. Raises `RekognitionError` where it may not, or there is none."""
        if not self._allows(caller, "s3:GetObject", f"arn:aws:s3:::{where.bucket}/{where.name}"):
            raise RekognitionError("InvalidS3ObjectException")
        version = {"VersionId": where.version} if where.version else {}
        try:
            found = self._s3.get_object(Bucket=where.bucket, Key=where.name, **version)
        except ClientError as error:
            raise RekognitionError("InvalidS3ObjectException") from error
        if found["ContentLength"] > MAX_OBJECT_BYTES:
            raise RekognitionError("ImageTooLargeException")
        with found["Body"] as body:
            data: bytes = body.read()
        return data

    def _allows(self, caller: Caller, action: str, resource: str) -> bool:
        if caller.arn is None:
            return True
        asked = self._iam.simulate_principal_policy(
            PolicySourceArn=caller.policy_source, ActionNames=[action], ResourceArns=[resource]
        )
        return all(result["EvalDecision"] == "allowed" for result in asked["EvaluationResults"])

    @cached_property
    def _http(self) -> httpx.Client:
        trust = ssl.create_default_context(cafile=self.access.ca_bundle)
        return httpx.Client(base_url=self.access.endpoint_url, verify=trust, trust_env=False, timeout=10)

    @cached_property
    def _iam(self) -> Any:
        return self.access.client("iam", config=_CONFIG)

    @cached_property
    def _s3(self) -> Any:
        return self.access.client("s3", config=_CONFIG)
