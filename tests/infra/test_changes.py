"""What a deployment would take away is read from a template as the stack really makes it."""

from infra.context import Context
from operations.changes import taken_away
from tests.infra.synthesized import Synthesized

FOREIGN = {"oidc_issuer": "https://login.example", "oidc_audience": "veil"}


def test_what_is_compared_is_what_the_stack_has(dev: Synthesized, prod: Synthesized) -> None:
    assert not taken_away(dev.template, Context.of(FOREIGN))
    assert not taken_away(prod.template, Context.of({"alarm_email": "ops@veil.example"}))
    assert len(taken_away(prod.template, Context.of(FOREIGN))) == 2


def test_who_was_told_in_the_morning(watched: Synthesized) -> None:
    both = Context.of({"alarm_email": "night@veil.example", "morning_email": "day@veil.example"})
    assert not taken_away(watched.template, both)
    one = Context.of({"alarm_email": "night@veil.example"})
    assert taken_away(watched.template, one) == ["day@veil.example is told of alarms no more."]
