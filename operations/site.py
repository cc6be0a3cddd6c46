"""Where a deployment has its web client, and what it tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Site:
    """``config``: what ``/config.json`` says, but for the version."""

    bucket: str
    distribution: str
    config: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, stage: str, outputs: Mapping[str, str]) -> Self:
        """From the outputs of a stage's stack."""
        config = {
            "stage": stage,
            "issuer": outputs["Issuer"],
            "client_id": outputs["WebClientId"],
            "identity_providers": [each for each in outputs.get("IdentityProviders", "").split(",") if each],
            "toss_script": outputs["TossScript"],
        }
        return cls(outputs["WebBucketName"], outputs["DistributionId"], config)
