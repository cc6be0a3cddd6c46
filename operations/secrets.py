"""Put the providers' keys into a stage, each once it has worked at its provider."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Any, NamedTuple, Self

from infra.secret_names import SECRETS
from operations import trials
from operations.ask import Ask
from operations.errors import OperationError
from operations.stage import Stage
from operations.trials import Trial, Verdict
from veil.settings import GenerationsSettings
from veil.settings.payments import TossSettings

WHERE = {
    "replicate-token": "replicate.com, Account settings, API tokens (r8_…)",
    "webhook-signing-secret": "Replicate tells it to whoever has the token",
    "azure-face-key": "portal.azure.com, the Face resource, Keys and Endpoint, KEY 1",
    "upstash-token": "console.upstash.com, the database, REST API, the standard token",
    "toss-payments-key": "developers.tosspayments.com, API keys, the secret key of the client key (…_sk_…)",
    "toss-billing-key": "the same page, under the MID of billing (…_sk_…)",
}
NAMES = tuple(secret.name for secret in SECRETS.values() if not secret.ours)


def variable(name: str) -> str:
    """The environment's variable that holds a secret: VEIL_REPLICATE_TOKEN."""
    return f"VEIL_{name.upper().replace('-', '_')}"


class Providers(NamedTuple):
    """Their addresses; Toss's are None where a stage sells no credits, or no plan."""

    replicate: str
    azure_face: str
    upstash: str
    toss: str | None = None
    toss_billing: str | None = None

    @classmethod
    def of(cls, stage: Stage) -> Self:
        """Those that the stage's functions were deployed with."""
        starts, checks = stage.settings("generations"), stage.settings("check")
        replicate = starts.get("REPLICATE_URL", GenerationsSettings.model_fields["replicate_url"].default)
        return cls(replicate, checks["AZURE_FACE_URL"], starts["UPSTASH_URL"], *_toss(stage))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The secrets that are needed."""
        unused = {"toss-payments-key": self.toss is None, "toss-billing-key": self.toss_billing is None}
        return tuple(name for name in NAMES if not unused.get(name))


def _toss(stage: Stage) -> tuple[str | None, str | None]:
    """Toss's address for payments and for billing, where a stage uses it; one may be older than those functions."""
    if "payments" not in stage.functions:
        return None, None
    sells = stage.settings("payments")
    url = sells.get("TOSS_URL", TossSettings.model_fields["toss_url"].default)
    return url if sells.get("TOSS_CLIENT_KEY") else None, url if sells.get("TOSS_BILLING_CLIENT_KEY") else None


@dataclass
class PutSecrets:
    """``files``: where a value is read from, by the secret's name; ``only``: these, though what is there works."""

    stage: str
    store: Any  # a client of Secrets Manager
    providers: Providers
    ask: Ask
    files: Mapping[str, Path] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    read: Callable[[str], str] = getpass
    say: Callable[[str], None] = print

    def __call__(self) -> bool:
        """Whether every key that was wanted is in its place, and works."""
        given = {name: self._given(name) for name in self.only or self.providers.wanted}  # before anything is stored
        done = [self._put(name, value) for name, value in given.items()]
        if all(done):
            self.say("\nFunctions read a new key within five minutes.")
            self.say(f"next: make smoke STAGE={self.stage}   does the main job once")
        return all(done)

    def _put(self, name: str, given: str | None) -> bool:
        if given is None and name not in self.only and self._try(name, self._stored(name)).verdict is Verdict.WORKS:
            return self._said(name, "is there, and works", well=True)
        if given is None and name == "webhook-signing-secret":
            found = trials.webhook_key(self.providers.replicate, self._stored("replicate-token"))
            return self._said(name, f"not known: {found.why}") if isinstance(found, Trial) else self._keep(name, found)
        return self._judge(name, given) if given is not None else self._typed(name)

    def _typed(self, name: str) -> bool:
        """Ask for it until one works; an empty answer gives up."""
        if not self.ask.terminal():
            return self._said(name, f"none was given: set {variable(name)}, or --file {name}=PATH")
        self.say(f"{name}: {WHERE[name]}")
        while value := self.read("  paste it, nothing is shown (Enter: leave it): ").strip():
            if self._judge(name, value):
                return True
        return self._said(name, "left as it was")

    def _judge(self, name: str, value: str) -> bool:
        trial = self._try(name, value)
        if trial.verdict is Verdict.REFUSED:
            return self._said(name, f"refused, and not stored: {trial.why}")
        if trial.verdict is Verdict.UNKNOWN and not self.ask.agrees(f"{name} can't be tried: {trial.why}. Store it?"):
            return self._said(name, "not stored")
        return self._keep(name, value, well=trial.verdict is Verdict.WORKS)

    def _try(self, name: str, value: str) -> Trial:
        if name == "replicate-token":
            return trials.replicate_token(self.providers.replicate, value)
        if name == "azure-face-key":
            return trials.azure_face_key(self.providers.azure_face, value)
        if name == "upstash-token":
            return trials.upstash_token(self.providers.upstash, value)
        if name == "toss-payments-key":
            return trials.toss_key(self.providers.toss, value)
        if name == "toss-billing-key":
            return trials.toss_key(self.providers.toss_billing, value)
        found = trials.webhook_key(self.providers.replicate, self._stored("replicate-token"))
        return found if isinstance(found, Trial) else trials.same_key(value, found)

    def _keep(self, name: str, value: str, *, well: bool = True) -> bool:
        """Store it; not once more what is stored, which would end the time of the value before it."""
        if value != self._stored(name):
            self.store.put_secret_value(SecretId=self._id(name), SecretString=value)
        return self._said(name, "stored, and works" if well else "stored, untried", well=True)

    def _given(self, name: str) -> str | None:
        if name not in self.files:
            return self.environ.get(variable(name), "").strip() or None
        try:
            value = self.files[name].read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise OperationError(f"{self.files[name]} can't be read: {type(error).__name__}") from None
        if not value:
            raise OperationError(f"{self.files[name]} is empty")
        return value

    def _stored(self, name: str) -> str:
        return str(self.store.get_secret_value(SecretId=self._id(name))["SecretString"])

    def _id(self, name: str) -> str:
        return f"veil-{self.stage}/{name}"

    def _said(self, name: str, what: str, *, well: bool = False) -> bool:
        self.say(f"{name}: {what}")
        return well
