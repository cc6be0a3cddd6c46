"""The budget of the account: only where somebody chose one, and somebody is told."""

import pytest

from infra.context import Context, ContextError
from tests.infra.synthesized import Synthesized


def test_a_month_has_a_budget(watched: Synthesized) -> None:
    made = watched.only("AWS::Budgets::Budget")
    assert made["Budget"] == {
        "BudgetLimit": {"Amount": 50, "Unit": "USD"},
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
    }
    told = made["NotificationsWithSubscribers"]
    assert [(one["Notification"]["NotificationType"], one["Notification"]["Threshold"]) for one in told] == [
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    for one in told:
        assert one["Notification"]["ComparisonOperator"] == "GREATER_THAN"
        assert one["Notification"]["ThresholdType"] == "PERCENTAGE"
        assert one["Subscribers"] == [{"Address": "night@veil.example", "SubscriptionType": "EMAIL"}]


def test_without_the_option_there_is_none(dev: Synthesized, prod: Synthesized) -> None:
    assert not [*dev.of_type("AWS::Budgets::Budget"), *prod.of_type("AWS::Budgets::Budget")]


def test_a_budget_of_which_nobody_would_hear_is_refused() -> None:
    with pytest.raises(ContextError, match="budget_usd needs alarm_email"):
        Context.of({"budget_usd": "50"})
