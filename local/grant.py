"""Add credits to a user's account, by the code path that production uses."""

from time import time

from local.running import RunningCloud
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.table import Table
from veil.domain.ids import new_id
from veil.settings import GallerySettings
from veil.use_cases.credits import Credits


def grant(running: RunningCloud, user: str, amount: int) -> int:
    """Grant ``amount`` credits to ``user`` (the token's ``sub``) under the deployed settings; answer what it has."""
    gallery = running.client("lambda").get_function_configuration(FunctionName=running.functions["gallery"])
    settings = GallerySettings.load(gallery["Environment"]["Variables"])
    accounts = DynamoAccounts(Table(running.client("dynamodb"), running.table), new_id)
    credits_ = Credits(accounts, time, settings.welcome_credits)
    credits_.grant(user, amount, f"local {new_id(time())}")
    return credits_.balance(user).available
