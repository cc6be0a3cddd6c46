"""One person who leaves while something is under way: what is played again with a crash at every place."""

from operations.visit import Ask
from proofs.chaos.simulation.leaver import Leaver
from proofs.chaos.simulation.member import Member
from proofs.chaos.simulation.scenario import Scenario
from proofs.chaos.simulation.users import SimulatedUser

LEAVING = ("gallery", "eraser")


def _leave(user: SimulatedUser) -> None:
    leaver = Leaver(user)
    leaver.leave()
    leaver.wait()


def leave_at_once(user: SimulatedUser) -> None:
    """A token, and no visit before."""
    _leave(user)


def leave_while_images_run(user: SimulatedUser) -> None:
    user.generate_compared()
    _leave(user)


def leave_once_images_are_there(user: SimulatedUser) -> None:
    user.generate_compared()
    user.world.scheduler.pause(120)
    _leave(user)


def leave_with_an_open_order(user: SimulatedUser) -> None:
    """One order is paid, another one stands; a third is claimed while they leave."""
    user.buyer.buy("pack_small")
    user.attempt(Ask("POST", "/orders", {"product": "pack_large"}))
    user.world.scheduler.after(30, lambda: user.buyer.buy("pack_medium"))
    Leaver(user).live_so(lambda: None, 120)


def leave_with_a_plan(user: SimulatedUser) -> None:
    Member(user).subscribe()
    _leave(user)


def leave_during_a_refund(user: SimulatedUser) -> None:
    if order := user.buyer.buy("pack_small"):
        user.attempt(Ask("POST", f"/orders/{order['id']}/refund", {}))
    _leave(user)


LEAVING_SCENARIOS = (
    Scenario("leaves at once", life=leave_at_once),
    Scenario("leaves while images run", life=leave_while_images_run, functions=(*LEAVING, "webhook")),
    Scenario("leaves once images are there", life=leave_once_images_are_there, functions=("eraser",)),
    Scenario("leaves, and no webhook comes", deaf=True, life=leave_while_images_run, functions=(*LEAVING, "sweeper")),
    Scenario("leaves with an open order", life=leave_with_an_open_order, functions=(*LEAVING, "payments")),
    Scenario("leaves with a plan", life=leave_with_a_plan, functions=(*LEAVING, "charger")),
    Scenario(
        "leaves with a plan whose card is not deleted at first",
        {"toss delete": ["answer lost", "500, and nothing is done"]},
        life=leave_with_a_plan,
        functions=(*LEAVING, "charger"),
    ),
    Scenario("leaves during a refund", life=leave_during_a_refund, functions=(*LEAVING, "charger")),
    Scenario(
        "leaves during a refund, and its answer is lost",
        {"toss cancel": ["answer lost"]},
        life=leave_during_a_refund,
        functions=(*LEAVING, "charger"),
    ),
)
