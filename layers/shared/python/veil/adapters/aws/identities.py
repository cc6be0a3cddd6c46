"""Who gives out the access tokens: the stack's own user pool, or an issuer of the team's own."""

from botocore.exceptions import ClientError

from veil.adapters.aws.client import aws_errors, client
from veil.domain.erasure_ports import Identities

NOT_THERE = "UserNotFoundException"


class CognitoIdentities(Identities):
    """The users of a pool."""

    def __init__(self, pool: str) -> None:
        self._pool = pool

    def forget(self, username: str) -> None:
        self._asked("admin_delete_user", username)

    def knows(self, username: str) -> bool:
        return self._asked("admin_get_user", username)

    def _asked(self, operation: str, username: str) -> bool:
        """Whether the user was there."""
        with aws_errors():
            try:
                getattr(client("cognito-idp"), operation)(UserPoolId=self._pool, Username=username)
            except ClientError as error:
                if error.response["Error"]["Code"] == NOT_THERE:
                    return False
                raise
        return True


class TeamsOwnIdentities(Identities):
    """An issuer of the team's own: its users are the team's to delete. Here is the place to tell it."""

    def forget(self, username: str) -> None:
        """Nothing of ours is there."""

    def knows(self, username: str) -> bool:
        return False
