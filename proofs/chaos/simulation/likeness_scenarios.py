"""One person who agreed to a comparison of faces, and one thing that goes wrong with it: what is played again with a
crash at every place.
"""

from proofs.chaos.simulation.scenario import EVERY_CALL, Scenario
from proofs.chaos.simulation.users import SimulatedUser

COMPARED = SimulatedUser.generate_compared
LIKENESS_SCENARIOS = (
    Scenario("all is well, and compared", life=COMPARED, functions=("webhook",)),
    Scenario("one output shows a stranger", {"likeness": ["a stranger"]}, life=COMPARED, functions=("webhook",)),
    Scenario(
        "one image never shows the person",
        {"likeness": ["a stranger", "", "", "", "no face"]},
        life=COMPARED,
        functions=("webhook",),
    ),
    Scenario("an output shows two, and no webhook comes", {"likeness": ["two faces"]}, deaf=True, life=COMPARED),
    Scenario(
        "nobody can compare, to the deadline",
        {"rekognition": ["access denied"] * EVERY_CALL},
        deaf=True,
        life=COMPARED,
        functions=("sweeper",),
    ),
)
