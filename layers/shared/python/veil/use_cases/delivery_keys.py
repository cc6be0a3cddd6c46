"""Make, rotate and delete the keys that URLs of images are signed with.

At every moment the key that is signed with is in the group that the edge verifies with, whatever fails in between: a
new one is added to the group before its private half is put, and none is dropped that may have been signed with since.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from veil.domain.delivery import EdgeKeys, KeyGroup, KeyPair, PrivateKey, PublicKey


@dataclass(frozen=True)
class DeliveryKeys:
    keys: EdgeKeys
    private: PrivateKey
    new_pair: Callable[[], KeyPair]

    def ensure(self, number: int) -> str:
        """Sign with the key of this number, or a later one; the id of the group.

        A number that was reached before changes nothing: it is a repeated call, or a deployment that is rolled back,
        and the keys before and after it are both good. A new one drops those before the one that it replaces.
        """
        group = self.keys.group()
        if group and group.current >= number:
            return group.id
        replaced = group.current if group else 0
        verified = self._in_group(group)
        pair = self.new_pair()
        key = self.keys.register(number, pair.public)
        group = self.keys.write_group(group, [each.id for each in (key, *verified)], replaced)
        self.private.put(key.id, pair.private)
        kept = [key, *(each for each in verified if each.number >= replaced)]
        group = self.keys.write_group(group, [each.id for each in kept], number)
        self._in_group(group)
        return group.id

    def _in_group(self, group: KeyGroup | None) -> Sequence[PublicKey]:
        """The keys of the group; deletes those that are in none: an account may have ten."""
        ids = group.key_ids if group else ()
        found = self.keys.public_keys()
        for key in found:
            if key.id not in ids:
                self.keys.delete_key(key)
        return [key for key in found if key.id in ids]

    def remove(self, group_id: str | None) -> None:
        """Delete the group of this id, and all keys; with None, whatever there is.

        Nothing where another group has taken its place.
        """
        group = self.keys.group()
        if group and group_id not in (None, group.id):
            return
        if group:
            self.keys.delete_group(group)
        for key in self.keys.public_keys():
            self.keys.delete_key(key)
