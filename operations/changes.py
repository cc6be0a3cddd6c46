"""What a deployment would take away from people who rely on what is deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.context import Context

POOL = "the stack's own Cognito user pool"


def taken_away(template: Mapping[str, Any], context: Context) -> list[str]:
    """Sentences on what ``context`` would change of the deployed ``template``, for which somebody has to say yes."""
    before, after = _login(template), _login_of(context)
    said = []
    if before != after:
        said.append(f"The login changes, from {before} to {after}: nobody's token or account fits any more.")
    for address in sorted(_told(template) - {context.alarm_email}):
        said.append(f"{address} is told of alarms no more.")
    return said


def _login(template: Mapping[str, Any]) -> str:
    if list(_of_type(template, "AWS::Cognito::UserPool")):
        return POOL
    for properties in _of_type(template, "AWS::ApiGatewayV2::Authorizer"):
        trusted = properties["JwtConfiguration"]
        return _named(trusted["Issuer"], trusted["Audience"][0])
    return "nobody"


def _login_of(context: Context) -> str:
    if context.oidc_issuer is None:
        return POOL
    return _named(context.oidc_issuer, context.oidc_audience)


def _named(issuer: object, audience: object) -> str:
    return f"{issuer} (audience {audience})"


def _told(template: Mapping[str, Any]) -> set[str]:
    subscriptions = _of_type(template, "AWS::SNS::Subscription")
    return {properties["Endpoint"] for properties in subscriptions if properties["Protocol"] == "email"}


def _of_type(template: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    resources = template.get("Resources", {}).values()
    return (resource.get("Properties", {}) for resource in resources if resource["Type"] == kind)
