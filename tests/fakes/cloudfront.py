"""CloudFront's public keys and key groups, and Secrets Manager's one secret, as the adapters call them; an answer may
be lost, or the call with it.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

SECRET = "veil-test/delivery-key"


def refused(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "any")


class FakeCloudFront:
    """``crash`` is called before and after each change, and may raise."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.secret: str | None = None
        self.changes: list[str] = []
        self.crash: Callable[[str], None] = lambda _: None
        self._numbers: Iterator[int] = count(1)

    def _changed(self, operation: str) -> None:
        self.changes.append(operation)
        self.crash(f"after {operation}")

    def create_public_key(self, PublicKeyConfig: dict[str, str]) -> Any:  # noqa: N803 - AWS's names
        self.crash("before create_public_key")
        key_id = f"K{next(self._numbers)}"
        self.keys[key_id] = {"Id": key_id, "ETag": f"E{key_id}", **PublicKeyConfig}
        self._changed("create_public_key")
        return {"PublicKey": {"Id": key_id}}

    def get_public_key(self, Id: str) -> Any:  # noqa: N803
        if Id not in self.keys:
            raise refused("NoSuchPublicKey", 404)
        return {"ETag": self.keys[Id]["ETag"]}

    def list_public_keys(self) -> Any:
        items = [{"Id": key["Id"], "Name": key["Name"]} for key in self.keys.values()]
        return {"PublicKeyList": {"Items": items} if items else {}}

    def delete_public_key(self, Id: str, IfMatch: str) -> None:  # noqa: N803
        self.crash("before delete_public_key")
        if Id not in self.keys:
            raise refused("NoSuchPublicKey", 404)
        if any(Id in group["Config"]["Items"] for group in self.groups.values()):
            raise refused("PublicKeyInUse", 409)
        assert IfMatch == self.keys[Id]["ETag"]
        del self.keys[Id]
        self._changed("delete_public_key")

    def _written(self, group_id: str, config: dict[str, Any]) -> Any:
        assert set(config["Items"]) <= self.keys.keys()
        assert len(config["Items"]) <= 5
        self.groups[group_id] = {"Config": config, "ETag": f"E{next(self._numbers)}"}
        return self.get_key_group(group_id)

    def create_key_group(self, KeyGroupConfig: dict[str, Any]) -> Any:  # noqa: N803
        self.crash("before create_key_group")
        if any(group["Config"]["Name"] == KeyGroupConfig["Name"] for group in self.groups.values()):
            raise refused("KeyGroupAlreadyExists", 409)
        answer = self._written(f"G{next(self._numbers)}", KeyGroupConfig)
        self._changed("create_key_group")
        return answer

    def update_key_group(self, Id: str, IfMatch: str, KeyGroupConfig: dict[str, Any]) -> Any:  # noqa: N803
        self.crash("before update_key_group")
        if IfMatch != self.groups[Id]["ETag"]:
            raise refused("PreconditionFailed", 412)
        answer = self._written(Id, KeyGroupConfig)
        self._changed("update_key_group")
        return answer

    def get_key_group(self, Id: str) -> Any:  # noqa: N803
        group = self.groups[Id]
        return {"KeyGroup": {"Id": Id, "KeyGroupConfig": dict(group["Config"])}, "ETag": group["ETag"]}

    def list_key_groups(self) -> Any:
        items = [{"KeyGroup": self.get_key_group(each)["KeyGroup"]} for each in self.groups]
        return {"KeyGroupList": {"Items": items} if items else {}}

    def delete_key_group(self, Id: str, IfMatch: str) -> None:  # noqa: N803
        self.crash("before delete_key_group")
        if Id not in self.groups:
            raise refused("NoSuchResource", 404)
        assert IfMatch == self.groups[Id]["ETag"]
        del self.groups[Id]
        self._changed("delete_key_group")

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:  # noqa: N803
        self.crash("before put_secret_value")
        assert SecretId == SECRET
        self.secret = SecretString
        self._changed("put_secret_value")


def lost(at: str) -> Callable[[str], None]:
    """Lose the ``at`` moment once: no answer comes."""
    left = [at]

    def crash(moment: str) -> None:
        if left == [moment]:
            left.clear()
            raise ReadTimeoutError(endpoint_url="https://cloudfront")

    return crash
