"""The dashboard of a stage: its alarms, then money, people and health, each in a module of its own."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.context import Context
from infra.dashboard_health import Watched, health
from infra.dashboard_money import money
from infra.dashboard_people import people
from infra.measures import DAY, Measures
from infra.widgets import COLUMNS, Row, heading

ABOUT = (
    "# Veil, {stage}\nNumbers are of the time that is chosen above; tables come from the logs. "
    "What an alarm means, and what to do: `{runbooks}`. "
    "Queries to begin with: *Logs Insights*, *Saved queries*, `veil-{stage}`."
)

MONEY = (
    "## Money\nMargin: what was sold, less what went back, less the list prices of the providers' predictions, "
    "at {rate:,g} KRW to the USD. What AWS takes is not in it."
)


class Dashboard(Construct):
    """One for a stage; ``name`` is what it is called in CloudWatch."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        context: Context,
        measures: Measures,
        alarms: Sequence[cloudwatch.Alarm],
        watched: Watched,
    ) -> None:
        super().__init__(scope, name)
        about = ABOUT.format(stage=context.stage, runbooks=context.runbooks_url)
        rows: list[Row] = [
            [heading(about, height=2)],
            [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=COLUMNS, height=5)],
            [heading(MONEY.format(rate=context.krw_per_usd), height=2)],
            *money(measures, context),
            [heading("## People")],
            *people(measures, context.stage),
            [heading("## Health")],
            *health(measures, context.stage, watched),
        ]
        self.name = f"veil-{context.stage}"
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.name,
            default_interval=DAY,
            period_override=cloudwatch.PeriodOverride.INHERIT,  # else "by the hour" would not be by the hour
            widgets=[list(row) for row in rows],
        )
