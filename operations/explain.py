"""AWS's refusals in a line: what is wrong, and what to type."""

from botocore import exceptions as aws
from botocore.exceptions import BotoCoreError, ClientError

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
UNKNOWN_KEY = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorizedException"}
NO_LOGIN = (aws.UnauthorizedSSOTokenError, aws.SSOTokenLoadError, aws.TokenRetrievalError)
POLICY = "docs/guides/first-deployment.md has the policy that is needed"
SIGN_IN = "type 'aws sso login', or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def explain(error: BotoCoreError | ClientError) -> str:
    """What to tell the person at the keyboard."""
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, aws.NoCredentialsError | aws.PartialCredentialsError | aws.CredentialRetrievalError):
        return f"there are no AWS credentials here: {SIGN_IN}"
    if isinstance(error, NO_LOGIN):
        return f"the AWS sign-in has ended: {SIGN_IN}"
    if isinstance(error, aws.ProfileNotFound):
        return f"{error}: 'aws configure list-profiles' lists those that there are"
    if isinstance(error, aws.ConnectionError | aws.HTTPClientError):
        return f"AWS does not answer: {error}. Is the region right, and the network there?"
    return f"AWS can't be asked: {error}"


def _refusal(error: ClientError) -> str:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in EXPIRED:
        return f"the AWS credentials have expired: {SIGN_IN}"
    if code in UNKNOWN_KEY:
        return f"AWS does not know these credentials ({code}): {SIGN_IN}"
    if code in DENIED:
        asked = error.operation_name
        return (
            f"{asked} is not allowed to you: {message} (docs/guides/first-deployment.md has the policy that is needed)"
        )
    return f"{error.operation_name} failed: {message or code} ({code})"
