"""What is told while the bus, the queue or the team's server fail: each is played again with a crash at every place."""

from proofs.chaos.simulation.scenario import Scenario
from proofs.chaos.simulation.users import SimulatedUser

NOTIFY = ("notify", "sweeper")
DOWN = 20  # posts, which are eleven hours


def buy(user: SimulatedUser) -> None:
    user.buyer.buy("pack_small")


EVENT_SCENARIOS = (
    Scenario("the bus fails at first", {"events": ["internal error", "the entry failed", "answer lost"]}),
    Scenario("the server is down for hours", {"receiver": ["refused connection"] * DOWN}, functions=NOTIFY),
    Scenario("the server answers, and nobody hears it", {"receiver": ["answer lost"] * 3}, functions=NOTIFY),
    Scenario("the server wants no more", {"receiver": ["gone for good"]}, functions=NOTIFY),
    Scenario("an order is told", {"events": ["throttled"] * 4}, life=buy, functions=(*NOTIFY, "payments")),
    Scenario("told, and deleted at once", life=SimulatedUser.generate_and_delete, functions=(*NOTIFY, "gallery")),
)
