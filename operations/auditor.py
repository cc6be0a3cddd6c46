"""The bucket as the audit sees it: in the stage's own role for it, since its images answer nobody else."""

from datetime import datetime
from typing import Any

from botocore.credentials import RefreshableCredentials
from botocore.session import get_session

from operations.stage import Stage
from veil.adapters.aws.client import CONFIG


def bucket_of(stage: Stage) -> Any:
    """A client of S3 in the auditor's role, taken on anew whenever an hour is over; the stage's own where there is
    none, as in the local cloud. What AWS refuses is raised as botocore does.
    """
    role = stage.auditor
    if role is None:
        return stage.client("s3")
    sts = stage.client("sts")

    def taken_on() -> dict[str, str]:
        given = sts.assume_role(RoleArn=role, RoleSessionName="audit")["Credentials"]
        expires: datetime = given["Expiration"]
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": expires.isoformat(),
        }

    session = get_session()
    session._credentials = RefreshableCredentials.create_from_metadata(taken_on(), taken_on, "assume-role")
    return session.create_client("s3", region_name=sts.meta.region_name, config=CONFIG)
