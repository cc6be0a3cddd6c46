"""Encryption of single values by a key of the Key Management Service, bound to their user."""

from base64 import b64decode, b64encode
from typing import Any

from veil.adapters.aws.client import aws_errors, client
from veil.domain.payment_ports import Sealer
from veil.domain.uploads import user_folder


class KmsSealer(Sealer):
    """The user is the encryption context: what is sealed for one opens for no other."""

    def __init__(self, key_arn: str) -> None:
        self._key = key_arn

    def seal(self, user: str, text: str) -> str:
        with aws_errors():
            answer = self._kms.encrypt(KeyId=self._key, Plaintext=text.encode(), EncryptionContext=_context(user))
        return b64encode(answer["CiphertextBlob"]).decode()

    def unseal(self, user: str, sealed: str) -> str:
        with aws_errors():
            answer = self._kms.decrypt(
                KeyId=self._key, CiphertextBlob=b64decode(sealed), EncryptionContext=_context(user)
            )
        return bytes(answer["Plaintext"]).decode()

    @property
    def _kms(self) -> Any:
        return client("kms")


def _context(user: str) -> dict[str, str]:
    return {"user": user_folder(user)}
