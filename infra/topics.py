"""Whom an alarm reaches: a topic, and who hears of it by mail."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


def topic(scope: Construct, name: str, email: str | None) -> sns.Topic:
    """By TLS alone; ``email`` has to confirm a first mail."""
    made = sns.Topic(scope, name, enforce_ssl=True)
    made.add_to_resource_policy(_cloudwatch_publishes(made))
    if email is not None:
        made.add_subscription(subscriptions.EmailSubscription(email))
    return made


def _cloudwatch_publishes(to: sns.Topic) -> iam.PolicyStatement:
    """A topic's own policy lets its account's alarms publish; one that is attached, as for TLS, takes its place."""
    return iam.PolicyStatement(
        actions=["sns:Publish"],
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        resources=[to.topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
