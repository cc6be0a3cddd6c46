"""Who issues the access tokens: the team's own OIDC issuer, or else a Cognito user pool."""

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from constructs import Construct

from infra.context import Context
from infra.names import origin_of
from infra.users import Users


class Identity:
    """The issuer of ``context``, or a user pool made for this stage where there is none; the pool's id and ARN are None
    then. ``origins`` are what a browser calls to sign in; they are known before the web client's address is.
    """

    def __init__(self, scope: Construct, *, context: Context, removal: RemovalPolicy) -> None:
        self._scope, self._context = scope, context
        self._users: Users | None = None
        self.pool_id: str | None = None
        self.pool_arn: str | None = None
        if context.oidc_issuer is None:
            self._users = Users(scope, "Users", context=context, removal=removal)
            self.pool_id, self.pool_arn = self._users.pool_id, self._users.pool_arn
            self.origins = [origin_of(self._users.issuer), self._users.origin]
        else:
            self.origins = [origin_of(context.oidc_issuer)]

    def authorizer(self, web_url: str) -> authorizers.HttpJwtAuthorizer:
        """What checks the tokens, once ``web_url`` is known, to which people come back from the login."""
        if self._users is None:
            issuer, audiences, providers = str(self._context.oidc_issuer), list(self._context.audiences), []
        else:
            issuer, providers = self._users.issuer, list(self._users.providers)
            audiences = [self._users.web_client(web_url), self._users.app_client]
        for name, value in (
            ("Issuer", issuer),
            ("WebClientId", audiences[0]),
            ("IdentityProviders", ",".join(providers)),
        ):
            CfnOutput(self._scope, name, value=value)
        return authorizers.HttpJwtAuthorizer("Token", issuer, jwt_audience=audiences)
