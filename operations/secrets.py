"""Put the providers' keys into a stage, each once it has worked at its provider."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Self

from infra.secret_names import SECRETS
from operations import trials
from operations.put_keys import PutKeys
from operations.stage import Stage
from operations.trials import Trial
from veil.settings import GenerationsSettings
from veil.settings.payments import TossSettings

WHERE = {
    "replicate-token": "replicate.com, Account settings, API tokens (r8_…)",
    "webhook-signing-secret": "Replicate tells it to whoever has the token",
    "comfy-token": "Comfy's console, API keys; of a proxy of one's own, the token that it was started with",
    "azure-face-key": "portal.azure.com, the Face resource, Keys and Endpoint, KEY 1",
    "upstash-token": "console.upstash.com, the database, REST API, the standard token",
    "toss-payments-key": "developers.tosspayments.com, API keys, the secret key of the client key (…_sk_…)",
    "toss-billing-key": "the same page, under the MID of billing (…_sk_…)",
}
NAMES = tuple(secret.name for secret in SECRETS.values() if not secret.ours)


class Providers(NamedTuple):
    """Their addresses; Toss's are None where a stage sells no credits, or no plan, and Comfy's where it has none."""

    replicate: str
    azure_face: str
    upstash: str
    toss: str | None = None
    toss_billing: str | None = None
    comfy: str | None = None

    @classmethod
    def of(cls, stage: Stage) -> Self:
        """Those that the stage's functions were deployed with."""
        starts, checks = stage.settings("generations"), stage.settings("check")
        replicate = starts.get("REPLICATE_URL", GenerationsSettings.model_fields["replicate_url"].default)
        where = replicate, checks["AZURE_FACE_URL"], starts["UPSTASH_URL"]
        return cls(*where, *_toss(stage), comfy=starts.get("COMFY_URL") or None)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The secrets that are needed."""
        unused = {
            "toss-payments-key": self.toss is None,
            "toss-billing-key": self.toss_billing is None,
            "comfy-token": self.comfy is None,
        }
        return tuple(name for name in NAMES if not unused.get(name))


def _toss(stage: Stage) -> tuple[str | None, str | None]:
    """Toss's address for payments and for billing, where a stage uses it; one may be older than those functions."""
    if "payments" not in stage.functions:
        return None, None
    sells = stage.settings("payments")
    url = sells.get("TOSS_URL", TossSettings.model_fields["toss_url"].default)
    return url if sells.get("TOSS_CLIENT_KEY") else None, url if sells.get("TOSS_BILLING_CLIENT_KEY") else None


@dataclass(kw_only=True)
class PutSecrets(PutKeys):
    """The keys that the functions read."""

    providers: Providers

    def __call__(self) -> bool:
        """Whether every key that was wanted is in its place, and works."""
        done = self.put_all()
        if done:
            self.say("\nFunctions read a new key within five minutes.")
            self.say(f"next: make smoke STAGE={self.stage}   does the main job once")
        return done

    @property
    def wanted(self) -> tuple[str, ...]:
        return self.providers.wanted

    def where(self, name: str) -> str:
        return WHERE[name]

    def put(self, name: str, given: str | None) -> bool:
        if given is not None or name != "webhook-signing-secret":
            return super().put(name, given)
        found = self._webhook_key()
        if isinstance(found, Trial):
            return self.said(name, f"not known: {found.why}")
        there = name not in self.only and found == self.stored(name)
        return self.said(name, "is there, and works", well=True) if there else self.keep(name, found)

    def trial(self, name: str, value: str) -> Trial:
        at = self.providers
        tried: dict[str, Callable[[str], Trial]] = {
            "replicate-token": partial(trials.replicate_token, at.replicate),
            "comfy-token": partial(trials.comfy_token, at.comfy),
            "azure-face-key": partial(trials.azure_face_key, at.azure_face),
            "upstash-token": partial(trials.upstash_token, at.upstash),
            "toss-payments-key": partial(trials.toss_key, at.toss),
            "toss-billing-key": partial(trials.toss_key, at.toss_billing),
        }
        if name in tried:
            return tried[name](value)
        found = self._webhook_key()
        return found if isinstance(found, Trial) else trials.same_key(value, found)

    def _webhook_key(self) -> str | Trial:
        return trials.webhook_key(self.providers.replicate, self.stored("replicate-token") or "")
