"""Take a stage away, whole: its GPU, its photos, its table, its web client, its stack."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import WaiterError

from operations.account import Account
from operations.ask import Ask
from operations.errors import OperationError
from operations.progress import Progress
from operations.sign_in_keys import take_away

KEPT = "prod"
PATIENCE = {"Delay": 30, "MaxAttempts": 120}  # CloudFront alone may take a quarter of an hour
STAYS = """\
What stays: the CDK's own bucket and roles in this account (they serve other stages, too), the providers' accounts and
keys, and what has left the stage: mails, and images that people have saved."""


@dataclass(frozen=True)
class Destroy:
    """A second run goes on where one was stopped."""

    stage: str
    account: Account
    ask: Ask
    progress: Progress
    say: Callable[[str], None] = print

    def __call__(self) -> None:
        """Raises `OperationError`."""
        if self.stage == KEPT:
            raise OperationError(f"veil-{KEPT} is protected: take its termination protection off by hand, if you must")
        stack, gpu = f"veil-{self.stage}", f"veil-{self.stage}-own-model"
        has_gpu = self.account.template(f"{self.stage}-own-model") is not None
        has_stack = self.account.template(self.stage) is not None
        if not (has_gpu or has_stack):
            raise OperationError(f"there is no stack {stack} in {self.account.region}")
        number = self.account.number
        buckets = [f"{stack}-{kind}{number}-{self.account.region}" for kind in ("", "web-")]
        self.ask.type_out(
            f"{stack} in account {number}, {self.account.region}: its users, credits, photos and images are deleted, "
            f"and nothing brings them back.{f' Its GPU, {gpu}, is deleted first.' if has_gpu else ''}",
            stack,
        )
        if has_gpu:  # it costs money by the hour
            self._delete(gpu)
        for bucket in buckets:
            with self.progress.step(f"empty the bucket {bucket}"):
                self._empty(bucket)
        if has_stack:
            self._delete(stack)
        with self.progress.step("take the keys of sign-in away"):
            take_away(self.stage, self.account.client("secretsmanager"))
        self.say(f"\n{STAYS}")

    def _empty(self, bucket: str) -> None:
        s3 = self.account.client("s3")
        try:
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                if found := [{"Key": one["Key"]} for one in page.get("Contents", [])]:
                    s3.delete_objects(Bucket=bucket, Delete={"Objects": found, "Quiet": True})
        except s3.exceptions.NoSuchBucket:
            """An earlier run deleted it."""

    def _delete(self, stack: str) -> None:
        aws: Any = self.account.client("cloudformation")
        try:
            with self.progress.step(f"delete the stack {stack}"):
                aws.delete_stack(StackName=stack)
                aws.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=PATIENCE)
        except WaiterError as error:
            raise OperationError(
                f"AWS has not deleted {stack} ({error}). A photo may have come meanwhile: run this again. If that does "
                "not help, the console says why: CloudFormation, Events"
            ) from error
