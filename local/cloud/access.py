"""How the local AWS is reached; told to processes that need no more of it."""

import os
from typing import Any

import boto3
import botocore.session
from pydantic import BaseModel, ConfigDict

NOWHERE = {"config_file": (None, None, os.devnull, None), "credentials_file": (None, None, os.devnull, None)}


class AwsAccess(BaseModel):
    """How to reach the local AWS as its root user."""

    model_config = ConfigDict(frozen=True)

    endpoint_url: str
    region: str
    access_key_id: str
    secret_access_key: str
    ca_bundle: str | None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the SDKs read, with no profile of the developer's in them."""
        bundle = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
        return (dict.fromkeys(bundle, self.ca_bundle) if self.ca_bundle else {}) | {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of the local AWS that takes nothing from the developer's own configuration."""
        isolated = botocore.session.Session(session_vars={"profile": (None, None, None, None), **NOWHERE})
        return boto3.Session(botocore_session=isolated).client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            verify=self.ca_bundle,
            **options,
        )
