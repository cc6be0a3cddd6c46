"""What a deployment would take away from people who rely on what is deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.context import Context
from operations.sign_in_keys import IN_THE_POOL

POOL = "the stack's own Cognito user pool"


def taken_away(template: Mapping[str, Any], context: Context) -> list[str]:
    """Sentences on what ``context`` would change of the deployed ``template``, for which somebody has to say yes."""
    before, after = _login(template), _login_of(context)
    said = []
    if before != after:
        said.append(f"The login changes, from {before} to {after}: nobody's token or account fits any more.")
    elif before != POOL and (lost := sorted(_audiences(template) - {*context.audiences})):
        said.append(f"Tokens for {', '.join(lost)} are accepted no more.")
    said += _providers_lost(template, context)
    for address in sorted(_told(template) - {context.alarm_email, context.morning_email}):
        said.append(f"{address} is told of alarms no more.")
    return said


def _login(template: Mapping[str, Any]) -> str:
    if list(_of_type(template, "AWS::Cognito::UserPool")):
        return POOL
    for properties in _of_type(template, "AWS::ApiGatewayV2::Authorizer"):
        trusted = properties["JwtConfiguration"]
        return str(trusted["Issuer"])
    return "nobody"


def _login_of(context: Context) -> str:
    if context.oidc_issuer is None:
        return POOL
    return context.oidc_issuer


def _audiences(template: Mapping[str, Any]) -> set[str]:
    """Those of an issuer of one's own; a pool's are references."""
    trusted = [properties["JwtConfiguration"] for properties in _of_type(template, "AWS::ApiGatewayV2::Authorizer")]
    return {audience for each in trusted for audience in each["Audience"] if isinstance(audience, str)}


def _providers_lost(template: Mapping[str, Any], context: Context) -> Iterator[str]:
    """A provider names people anew for each client id, and nobody is told who was who."""
    names = {in_pool: provider for provider, in_pool in IN_THE_POOL.items()}
    for properties in _of_type(template, "AWS::Cognito::UserPoolIdentityProvider"):
        name, client = properties["ProviderName"], properties["ProviderDetails"]["client_id"]
        chosen = context.identity_providers.get(names.get(name, ""))
        if chosen is None:
            yield f"Who signed in with {name} can't any more."
        elif chosen != client:
            yield f"Who signed in with {name} is somebody new to it, and has another account here."


def _told(template: Mapping[str, Any]) -> set[str]:
    subscriptions = _of_type(template, "AWS::SNS::Subscription")
    return {properties["Endpoint"] for properties in subscriptions if properties["Protocol"] == "email"}


def _of_type(template: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    resources = template.get("Resources", {}).values()
    return (resource.get("Properties", {}) for resource in resources if resource["Type"] == kind)
