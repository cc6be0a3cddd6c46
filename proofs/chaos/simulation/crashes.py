"""The process ended between every pair of side effects, one after another.

Each scenario is one person with one generation, and one thing that goes wrong at the providers. It is run once to
learn which calls the functions really make; then once for each of them with the process ended before it, and once with
the process ended after it. So a call that is new in the code is in the list by itself.
"""

from collections import deque
from collections.abc import Iterator

from proofs.chaos.simulation.comfy_scenarios import COMFY_SCENARIOS
from proofs.chaos.simulation.environment import new_world
from proofs.chaos.simulation.leaving_scenarios import LEAVING_SCENARIOS
from proofs.chaos.simulation.likeness_scenarios import LIKENESS_SCENARIOS
from proofs.chaos.simulation.money_scenarios import MONEY_SCENARIOS
from proofs.chaos.simulation.process import CrashPoint, Side
from proofs.chaos.simulation.scenario import EVERY_CALL, Scenario
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import PHOTOS, people, run
from proofs.chaos.simulation.users import SimulatedUser
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import SimulatedWorld

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
    Scenario("the provider is gone, to the deadline", {"ask": ["500"] * EVERY_CALL}, deaf=True),
    Scenario("two never end, and no webhook comes", {"prediction": ["stuck", "stuck"]}, deaf=True),
    Scenario("every webhook comes twice", {"webhook": ["repeated at once"] * EVERY_CALL}),
    Scenario("Redis does not answer", {"redis": ["hang, and it counted"] * EVERY_CALL}),
    Scenario("the face service is down at first", {"azure": ["500", "hang"]}),
    Scenario("the photo cannot be used", photo=-1),
    Scenario("selected, and deleted", life=SimulatedUser.generate_and_delete),
    *LIKENESS_SCENARIOS,
    *MONEY_SCENARIOS,
    *LEAVING_SCENARIOS,
    *COMFY_SCENARIOS,
)


def rehearse(scenario: Scenario) -> tuple[Score, list[tuple[CrashPoint, str]]]:
    """Run it without a crash: its score, and every point at which its processes could end, by name."""
    played = _played(scenario, None)
    points = [
        (CrashPoint(process.invocation, call, side), f"{process.function}: {side} {name}")
        for process in played.invocations
        if process.function in scenario.functions or not scenario.functions
        for call, name in enumerate(process.calls)
        for side in Side
    ]
    return played.score, points


def crash(scenario: Scenario, points: list[tuple[CrashPoint, str]]) -> Iterator[tuple[str, Score]]:
    """Run it again for each of these points, with the process ended there."""
    for point, name in points:
        yield name, _played(scenario, point).score


def _played(scenario: Scenario, point: CrashPoint | None) -> SimulatedWorld:
    with new_world(scenario.name, Weather) as played:
        played.crash = point
        if scenario.models:
            played.deploy(MODELS=",".join(scenario.models))
        played.weather.deaf = scenario.deaf
        played.weather.script.update({kind: deque(faults) for kind, faults in scenario.script.items()})
        user = SimulatedUser(played, "one user", [PHOTOS[scenario.photo]], 1)
        people(played, [lambda: scenario.life(user)])
        run(played)
    return played
