"""The process stopped between every pair of side effects, one after another.

Each scenario is one person with one generation, and one thing that goes wrong at the providers. It is run once to
hear which calls the functions really make, and then once for each of them with the process ended before it, and once
with the process ended after it. A call that is new in the code is in the list by itself.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from proofs.chaos.simulation.environment import world
from proofs.chaos.simulation.process import CrashPoint, Side
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import make_photos, people, run
from proofs.chaos.simulation.users import Photo, User
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import World

MANY = 100


@dataclass(frozen=True)
class Scenario:
    """``script`` says what the calls of each kind meet; ``deaf``: no webhook comes; then what the person does."""

    name: str
    script: dict[str, list[str]] = field(default_factory=dict)
    deaf: bool = False
    photo: int = 0
    life: Callable[[User], object] = lambda user: user.generate_once()


def _and_delete(user: User) -> None:
    if generation_id := user.generate_once():
        user.wait_for(generation_id)
        user.ask("PUT", f"/generations/{generation_id}/selection", {"image": 1})
        user.ask("DELETE", f"/generations/{generation_id}")


def _and_buy(user: User) -> None:
    user.buy()
    user.ask("GET", "/credits")
    user.generate_once()


SCENARIOS = (
    Scenario("all is well"),
    Scenario("no webhook comes", deaf=True),
    Scenario("one attempt fails", {"prediction": ["failed"]}),
    Scenario("every attempt at one image fails", {"prediction": ["failed", "", "", "", "failed", "failed"]}),
    Scenario("one image is flagged", {"prediction": ["flagged"]}),
    Scenario("one output is no image", {"prediction": ["output no image"]}),
    Scenario("the provider refuses", {"create": ["402"] * 4}),
    Scenario("the provider throttles two", {"create": ["", "429 with a hint", "429 with a hint", ""]}),
    Scenario("the answers of two starts are lost", {"create": ["answer lost", "hang, and nothing runs"]}),
    Scenario("nothing can be started for a while", {"create": ["500"] * 8}),
    Scenario("the provider is gone, to the deadline", {"ask": ["500"] * MANY}, deaf=True),
    Scenario("two never end, and no webhook comes", {"prediction": ["stuck", "stuck"]}, deaf=True),
    Scenario("every webhook comes twice", {"webhook": ["repeated at once"] * MANY}),
    Scenario("Redis does not answer", {"redis": ["hang, and it counted"] * MANY}),
    Scenario("the face service is down at first", {"azure": ["500", "hang"]}),
    Scenario("the photo cannot be used", photo=-2),
    Scenario("chosen, and deleted", life=_and_delete),
    Scenario("credits are bought", life=_and_buy),
)


def rehearse(scenario: Scenario) -> tuple[Score, list[tuple[CrashPoint, str]]]:
    """Run it without a crash: how it went, and every point at which its processes could end, by name."""
    made = _played(scenario, None)
    points = [
        (CrashPoint(process.invocation, call, side), f"{process.function}: {side} {name}")
        for process in made.invocations
        for call, name in enumerate(process.calls)
        for side in Side
    ]
    return made.score, points


def crash(scenario: Scenario, points: list[tuple[CrashPoint, str]]) -> Iterator[tuple[str, Score]]:
    """Run it again for each of these points, with the process ended there."""
    for point, name in points:
        yield name, _played(scenario, point).score


def _played(scenario: Scenario, point: CrashPoint | None) -> World:
    with world(scenario.name, Weather) as made:
        made.crash = point
        made.weather.deaf = scenario.deaf
        made.weather.script.update({kind: deque(faults) for kind, faults in scenario.script.items()})
        photos: list[Photo] = make_photos()
        user = User(made, "one user", [photos[scenario.photo]], 1)
        people(made, [lambda: scenario.life(user)])
        run(made)
    return made
