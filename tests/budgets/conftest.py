"""The functions on moto, as `tests/api` drives them."""

from tests.api.conftest import call, callbacks, control, functions, outputs, providers, ready, rule, uploaded, user

__all__ = ["call", "callbacks", "control", "functions", "outputs", "providers", "ready", "rule", "uploaded", "user"]
