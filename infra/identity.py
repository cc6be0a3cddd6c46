"""Who issues the access tokens: the team's own OIDC issuer, or else a Cognito user pool."""

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.nag import accept
from infra.names import origin_of


class Identity:
    """The JWT ``authorizer`` of ``issuer``, or of a user pool made for this stage when there is none; the pool's id and
    ARN are None where there is none. ``origins`` are what a browser calls to sign in.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        issuer: str | None,
        audience: str | None,
        mail_from: str | None,
        stage: str,
        removal: RemovalPolicy,
    ) -> None:
        self.pool_id: str | None = None
        self.pool_arn: str | None = None
        if issuer is None or audience is None:
            users = Users(scope, "Users", mail_from=mail_from, stage=stage, removal=removal)
            issuer, audience = users.issuer, users.audience
            self.pool_id, self.pool_arn = users.pool_id, users.pool_arn
        self.origins = [Users.origin(scope) if self.pool_id else origin_of(issuer)]
        self.authorizer = authorizers.HttpJwtAuthorizer("Token", issuer, jwt_audience=[audience])


class Users(Construct):
    """A user pool: people sign up with an e-mail address; the mobile app has a client without a secret.

    Its codes come from ``mail_from``, an address of the stage's region that SES has verified. Without one Cognito sends
    them itself: 50 a day, and no more.
    """

    def __init__(
        self, scope: Construct, name: str, *, mail_from: str | None, stage: str, removal: RemovalPolicy
    ) -> None:
        super().__init__(scope, name)
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=f"veil-{stage}",
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            email=_sender(mail_from, Stack.of(self).region),
            removal_policy=removal,
            deletion_protection=removal is not RemovalPolicy.DESTROY,
        )
        client = pool.add_client(
            "App",
            # Admins sign in with the account's credentials: that is how `make token` gets a token.
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
            disable_o_auth=True,  # else the CDK allows the implicit grant, and a callback of somebody else's
            prevent_user_existence_errors=True,
        )
        self.issuer = f"{self.origin(self)}/{pool.user_pool_id}"
        self.audience = client.user_pool_client_id
        self.pool_id, self.pool_arn = pool.user_pool_id, pool.user_pool_arn
        CfnOutput(scope, "UserPoolId", value=pool.user_pool_id)
        CfnOutput(scope, "UserPoolClientId", value=self.audience)
        accept(pool, "AwsSolutions-COG2", "A consumer product: a second factor is offered, not required.")
        accept(pool, "AwsSolutions-COG8", "The Plus plan is billed per user; a team that wants it turns it on.")

    @staticmethod
    def origin(scope: Construct) -> str:
        return f"https://cognito-idp.{Stack.of(scope).region}.amazonaws.com"


def _sender(mail_from: str | None, region: str) -> cognito.UserPoolEmail | None:
    if mail_from is None:
        return None
    domain = mail_from.rpartition("@")[2]
    return cognito.UserPoolEmail.with_ses(from_email=mail_from, ses_region=region, ses_verified_domain=domain)
