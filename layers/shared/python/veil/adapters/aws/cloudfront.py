"""CloudFront: what it remembers, and the public keys that it verifies URLs with."""

import json
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from veil.adapters.aws.client import aws_errors, client
from veil.domain.delivery import EdgeCache, EdgeKeys, KeyGroup, PrivateKey, PublicKey
from veil.domain.ports import StorageUnavailable, Telemetry

# Its one region is in North America. Nobody should wait long for what happens a minute later by itself.
CONFIG = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2})
CURRENT = "current: "  # what a group's comment begins with
CHANGED = ("KeyGroupAlreadyExists", "PreconditionFailed")  # what a repeated change meets, when its answer was lost


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


class CloudFrontCache(EdgeCache):
    def __init__(self, distribution_id: str, telemetry: Telemetry) -> None:
        self._distribution, self._telemetry = distribution_id, telemetry

    def forget(self, folder: str, reason: str) -> None:
        """One invalidation for each ``reason``, which CloudFront counts; it refuses more than 15 at a time."""
        batch = {"Paths": {"Quantity": 1, "Items": [f"/{folder}/*"]}, "CallerReference": reason}
        try:
            with aws_errors():
                client("cloudfront", CONFIG).create_invalidation(
                    DistributionId=self._distribution, InvalidationBatch=batch
                )
        except (BotoCoreError, ClientError, ResponseParserError, StorageUnavailable) as error:
            self._telemetry.count("InvalidationLost")
            why = _code(error) if isinstance(error, ClientError) else type(error).__name__
            self._telemetry.log("the edge was not told of a deletion", reason=reason, why=why)


class CloudFrontKeys(EdgeKeys):
    """A stage's, by their names: the group has ``name``, and its keys ``name-NUMBER-…``. An account has ten groups and
    ten keys, in no region, so that one page has them all.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def group(self) -> KeyGroup | None:
        listed = self._ask("list_key_groups")["KeyGroupList"].get("Items", [])
        for group in (each["KeyGroup"] for each in listed):
            if group["KeyGroupConfig"]["Name"] == self._name:
                return _group(self._ask("get_key_group", Id=group["Id"]))
        return None

    def public_keys(self) -> Sequence[PublicKey]:
        listed = self._ask("list_public_keys")["PublicKeyList"].get("Items", [])
        found = [(key["Id"], key["Name"].rsplit("-", 2)) for key in listed]
        return [PublicKey(key_id, int(name[1])) for key_id, name in found if len(name) > 1 and name[0] == self._name]

    def register(self, number: int, pem: str) -> PublicKey:
        name = f"{self._name}-{number}-{token_hex(4)}"
        config = {"CallerReference": name, "Name": name, "EncodedKey": pem}
        return PublicKey(self._ask("create_public_key", PublicKeyConfig=config)["PublicKey"]["Id"], number)

    def write_group(self, before: KeyGroup | None, key_ids: Sequence[str], current: int) -> KeyGroup:
        config = {"Name": self._name, "Items": list(key_ids), "Comment": f"{CURRENT}{current}"}
        try:
            if before is None:
                return _group(self._ask("create_key_group", KeyGroupConfig=config))
            asked = {"Id": before.id, "IfMatch": before.version}
            return _group(self._ask("update_key_group", KeyGroupConfig=config, **asked))
        except ClientError as error:
            found = self.group() if _code(error) in CHANGED else None
            if found and (found.key_ids, found.current) == (tuple(key_ids), current):
                return found
            raise

    def delete_group(self, group: KeyGroup) -> None:
        self._delete("delete_key_group", group.id, group.version)

    def delete_key(self, key: PublicKey) -> None:
        try:
            version = self._ask("get_public_key", Id=key.id)["ETag"]
        except ClientError as error:
            if _code(error) == "NoSuchPublicKey":
                return
            raise
        self._delete("delete_public_key", key.id, version)

    def _delete(self, operation: str, what: str, version: str) -> None:
        """One that is gone was deleted by a call whose answer was lost."""
        try:
            self._ask(operation, Id=what, IfMatch=version)
        except ClientError as error:
            if _code(error) not in ("NoSuchPublicKey", "NoSuchResource"):
                raise

    def _ask(self, operation: str, **asked: Any) -> Any:
        with aws_errors():
            return getattr(client("cloudfront"), operation)(**asked)


def _group(answer: Any) -> KeyGroup:
    config = answer["KeyGroup"]["KeyGroupConfig"]
    current = int(config.get("Comment", "").removeprefix(CURRENT) or 0)
    return KeyGroup(answer["KeyGroup"]["Id"], tuple(config["Items"]), current, answer["ETag"])


class SecretPrivateKey(PrivateKey):
    """In Secrets Manager, as `veil.adapters.image_urls` reads it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def put(self, key_id: str, pem: str) -> None:
        value = json.dumps({"key_id": key_id, "pem": pem})
        with aws_errors():
            client("secretsmanager").put_secret_value(SecretId=self._name, SecretString=value)
