"""The budget: AWS tells by mail when a month's bill of the account gets too large, or is going to."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

EARLY_PERCENT = 80  # of the month's money: already spent
WHOLE_PERCENT = 100  # spent, or going to be by the month's end


class Budget(Construct):
    """Of the whole account, in USD a month: AWS tells costs of one stage apart only by tags that somebody has switched
    on in its billing. What providers outside of AWS take is not in it; the alarms on spend watch that.
    """

    def __init__(self, scope: Construct, name: str, *, usd: float, email: str) -> None:
        super().__init__(scope, name)
        budgets.CfnBudget(  # without a name of ours: another mail address is another budget, and two would share it
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=usd, unit="USD"),
            ),
            notifications_with_subscribers=[
                _told(email, "ACTUAL", EARLY_PERCENT),
                _told(email, "ACTUAL", WHOLE_PERCENT),
                _told(email, "FORECASTED", WHOLE_PERCENT),
            ],
        )


def _told(email: str, kind: str, percent: float) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            comparison_operator="GREATER_THAN",
            notification_type=kind,
            threshold=percent,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[budgets.CfnBudget.SubscriberProperty(address=email, subscription_type="EMAIL")],
    )
