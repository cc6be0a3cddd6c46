"""What goes wrong, as microburst and the stand-ins are told, and as it is counted afterwards."""

from math import isclose
from random import Random
from typing import Any

import pytest
from microburst.rules import RuleEngine

from local.stand_ins.faults import Faults, take
from proofs.chaos_live.fault_plan import PLACES, ProviderPlan, aws_faults, rules

CALLS = 2000


@pytest.mark.parametrize("share", [0.2, 0.6])
@pytest.mark.parametrize(("service", "operation"), [("dynamodb", "UpdateItem"), ("s3", "PutObject")])
def test_of_the_calls_to_a_service_the_share_goes_wrong(share: float, service: str, operation: str) -> None:
    passed = 1.0
    for rule in rules(aws_faults(share)):
        if rule["service"] == service and rule.get("operation", operation) == operation:
            passed *= 1 - rule["probability"]
    assert isclose(1 - passed, share)


def test_half_of_what_goes_wrong_was_done_all_the_same() -> None:
    done = {"answer lost", "done late"}
    for service in ("dynamodb", "s3"):
        shares = [each for each in aws_faults(0.2) if each.service == service and not each.operation]
        assert isclose(sum(each.share for each in shares), 0.2)
        assert isclose(sum(each.share for each in shares if each.name in done), 0.1)


def test_microburst_accepts_the_rules() -> None:
    made = rules(aws_faults(0.2))
    assert len(RuleEngine().set_rules(made)) == len(made)


def test_the_stand_ins_accept_the_plan_and_what_was_met_is_counted() -> None:
    plan = ProviderPlan(Random(7), CALLS)
    faults = Faults().merged(plan.control())
    assert not plan.met(faults.model_dump())
    webhooks: Any = faults.replicate.webhooks
    modes = [fault.mode for fault in (take(webhooks) for _ in range(CALLS)) if fault]
    assert isclose(modes.count("drop"), CALLS / 2, rel_tol=0.1)
    assert "deliver" not in modes
    assert len(modes) == CALLS
    met = plan.met(faults.model_dump())
    assert met["replicate.webhooks: dropped"] == modes.count("drop")
    assert met.total() == CALLS


def test_a_seed_plans_the_same_again() -> None:
    assert ProviderPlan(Random(7), 50).control() == ProviderPlan(Random(7), 50).control()
    assert ProviderPlan(Random(7), 50).control() != ProviderPlan(Random(8), 50).control()


@pytest.mark.parametrize("place", PLACES)
def test_no_place_breaks_more_than_all_its_calls(place: str) -> None:
    assert sum(share for share, _ in PLACES[place].values()) <= 1
