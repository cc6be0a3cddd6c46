"""Our people at the terminal, who give credits away."""

from local.simulated.environment import TABLE
from proofs.chaos.simulation.world import WELCOME, SimulatedWorld
from veil.adapters.dynamodb import table
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.domain.credits import EntryKind
from veil.domain.errors import AccountErased
from veil.domain.ids import new_id
from veil.use_cases.credits import Credits


def give(world: SimulatedWorld, user: str, amount: int, reason: str) -> None:
    """Again and again, until it is known that they were given, or that their user has left."""
    tables = table.Table(table.dynamodb(), TABLE)
    credits_ = Credits(DynamoAccounts(tables, new_id), world.now, WELCOME)

    def grant() -> bool:
        try:
            return credits_.grant(user, amount, reason, EntryKind.GRANT)
        except AccountErased:
            return False

    while world.run("a person", grant) not in (True, False):
        world.scheduler.pause(world.random.uniform(1, 60))
