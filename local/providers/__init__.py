"""Stand-ins for the providers: Replicate, Azure AI Face, Upstash Redis and an OIDC issuer, on one loopback port.

`create_app` serves them under ``/replicate``, ``/azure``, ``/upstash`` and ``/oidc``, with the real services' wire
formats, so that the real client libraries work against them unchanged. ``/_control`` tells them to misbehave.
"""

from local.providers.app import create_app
from local.providers.config import ProvidersConfig
from local.providers.server import serving

__all__ = ["ProvidersConfig", "create_app", "serving"]
