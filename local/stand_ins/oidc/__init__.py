"""The stand-in of who signs people in, as Cognito does: authorization code with PKCE for browsers and apps.

It also gives a token to anybody who asks.
"""

from local.stand_ins.oidc.routes import Issuer

__all__ = ["Issuer"]
