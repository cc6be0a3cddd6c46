"""Add credits to a user's account, by the code path that production uses."""

from time import time

from operations.stage import Stage
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.table import Table
from veil.domain.ids import new_id
from veil.settings import GallerySettings
from veil.use_cases.credits import Credits


def grant(stage: Stage, user: str, amount: int) -> int:
    """Grant ``amount`` credits to ``user`` (the token's ``sub``) under the deployed settings; answer what it has."""
    settings = GallerySettings.load(stage.settings("gallery"))
    accounts = DynamoAccounts(Table(stage.client("dynamodb"), stage.table), new_id)
    credits_ = Credits(accounts, time, settings.welcome_credits)
    credits_.grant(user, amount, f"operations {new_id(time())}")
    return credits_.balance(user).available
