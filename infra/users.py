"""The stage's own user pool: its login page, its clients, and the providers that people come from."""

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.context import Context
from infra.identity_providers import providers_of
from infra.nag import accept
from infra.names import signed_in_url

ACCESS, REFRESH = Duration.hours(1), Duration.days(30)
GRACE = Duration.seconds(60)  # in which a refresh token that was replaced still works: an answer may be lost


class Users(Construct):
    """A user pool: people come by Kakao, Naver, Apple or Google, whichever the stage has, or sign up with an e-mail
    address. Clients have no secret: the authorization code flow asks them for PKCE instead.

    Its codes come from the context's ``mail_from``, an address of the stage's region that SES has verified. Without one
    Cognito sends them itself: 50 a day, and no more.
    """

    def __init__(self, scope: Construct, name: str, *, context: Context, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        stack = Stack.of(self)
        self._pool = pool = self._made(context, removal)
        # Whoever needs its address, such as a content security policy, has it from these words alone.
        prefix = f"veil-{context.stage}-{stack.account}"
        self._domain = pool.add_domain(
            "Login",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        self.providers = providers_of(self, pool, context)
        self.app_client = self._app(context.app_callback)
        self.issuer = f"https://cognito-idp.{stack.region}.amazonaws.com/{pool.user_pool_id}"
        self.origin = f"https://{prefix}.auth.{stack.region}.amazoncognito.com"
        self.pool_id, self.pool_arn = pool.user_pool_id, pool.user_pool_arn
        CfnOutput(scope, "UserPoolId", value=pool.user_pool_id)
        CfnOutput(scope, "UserPoolClientId", value=self.app_client)
        accept(pool, "AwsSolutions-COG2", "A consumer product: a second factor is offered, not required.")
        accept(pool, "AwsSolutions-COG8", "The Plus plan is billed per user; a team that wants it turns it on.")

    def _made(self, context: Context, removal: RemovalPolicy) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "Pool",
            user_pool_name=f"veil-{context.stage}",
            feature_plan=cognito.FeaturePlan.ESSENTIALS,  # the least with this login page and rotation
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),  # no attribute is required: Kakao may know no address
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            email=_sender(context.mail_from, Stack.of(self).region),
            removal_policy=removal,
            deletion_protection=removal is not RemovalPolicy.DESTROY,
        )

    def web_client(self, web_url: str) -> str:
        """Make the web client's, which people come back to at ``web_url``; its id."""
        flows = cognito.AuthFlow(user_srp=True)
        return self._client("Web", flows, _code_flow(signed_in_url(web_url), f"{web_url}/"))

    def _app(self, callback: str | None) -> str:
        # Admins sign in with the account's credentials: that is how `make token` gets a token.
        flows = cognito.AuthFlow(user_srp=True, admin_user_password=True)
        return self._client("App", flows, _code_flow(callback, callback) if callback else None)

    def _client(self, name: str, flows: cognito.AuthFlow, o_auth: cognito.OAuthSettings | None) -> str:
        """Without ``o_auth``, none: else the CDK allows the implicit grant, and a callback of somebody else's."""
        kinds = cognito.UserPoolClientIdentityProvider
        client = self._pool.add_client(
            name,
            auth_flows=flows,
            disable_o_auth=o_auth is None,
            o_auth=o_auth,
            supported_identity_providers=[
                kinds.COGNITO,
                *(kinds.custom(provider.provider_name) for provider in self.providers.values()),
            ],
            access_token_validity=ACCESS,
            id_token_validity=ACCESS,
            refresh_token_validity=REFRESH,
            refresh_token_rotation_grace_period=GRACE,
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )
        client.node.add_dependency(*self.providers.values())
        if o_auth:
            look = cognito.CfnManagedLoginBranding(
                self,
                f"{name}Login",
                user_pool_id=self._pool.user_pool_id,
                client_id=client.user_pool_client_id,
                use_cognito_provided_values=True,
            )
            look.node.add_dependency(self._domain)
        return client.user_pool_client_id


def _code_flow(callback: str, logout: str) -> cognito.OAuthSettings:
    return cognito.OAuthSettings(
        flows=cognito.OAuthFlows(authorization_code_grant=True),
        scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
        callback_urls=[callback],
        logout_urls=[logout],
    )


def _sender(mail_from: str | None, region: str) -> cognito.UserPoolEmail | None:
    if mail_from is None:
        return None
    domain = mail_from.rpartition("@")[2]
    return cognito.UserPoolEmail.with_ses(from_email=mail_from, ses_region=region, ses_verified_domain=domain)
