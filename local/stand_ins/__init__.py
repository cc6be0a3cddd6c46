"""Stand-ins for the providers: Replicate, Azure AI Face, Amazon Rekognition, Upstash Redis, Toss Payments and an OIDC
issuer, on one port.

`serving` serves them under ``/replicate``, ``/azure``, ``/rekognition``, ``/upstash``, ``/toss`` and ``/oidc``, in the
real services' wire formats, so that the real client libraries work against them unchanged. ``/_control`` tells them
to misbehave.
"""

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.server import serving

__all__ = ["ProvidersConfig", "serving"]
