"""The functions on moto, as `tests/api` drives them."""

from tests.api.conftest import call, callbacks, functions, outputs, providers, ready, rule, uploaded, user

__all__ = ["call", "callbacks", "functions", "outputs", "providers", "ready", "rule", "uploaded", "user"]
