"""A provider's client, made with a secret that may be rotated at any time."""

from collections.abc import Callable
from threading import Lock

from veil.domain.ports import Secret


class Credentialed[C]:
    """A client made with the current value of a secret, and made again when that value has changed."""

    def __init__(self, secret: Secret, make: Callable[[str], C]) -> None:
        self._secret = secret
        self._make = make
        self._made: dict[str, C] = {}
        self._lock = Lock()  # four starts ask for it at once

    def call[T](self, ask: Callable[[C], T], *, refused: Callable[[Exception], bool]) -> T:
        """What ``ask`` answers. When the provider ``refused`` the credential, and so did nothing, and the secret has a
        newer value, ``ask`` is called once more. Raises what ``ask`` raises, and `StorageUnavailable`; a refusal that
        stands is logged with the secret's name.
        """
        client = self._client()
        try:
            return ask(client)
        except Exception as error:
            if not refused(error):
                raise
            self._secret.renew()
            newer = self._client()
            if newer is client:
                self._log_refusal()
                raise
        try:
            return ask(newer)
        except Exception as error:
            if refused(error):
                self._log_refusal()
            raise

    def _log_refusal(self) -> None:
        from veil.observability import logger  # noqa: PLC0415 - reads the environment, which an import must not

        logger.warning("a provider does not accept our credential", extra={"secret": self._secret.name})

    def _client(self) -> C:
        with self._lock:
            value = self._secret()
            if value not in self._made:
                self._made = {value: self._make(value)}
            return self._made[value]
