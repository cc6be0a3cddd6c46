"""One person, with a model of the team's own before Replicate's, and one thing that goes wrong with it: what is played
again with a crash at every place.
"""

from proofs.chaos.simulation.leaving_scenarios import leave_while_images_run
from proofs.chaos.simulation.scenario import EVERY_CALL, Scenario
from veil.domain.image_models import DEFAULT_CHAIN

OWN_FIRST = ("comfy/qwen-image-edit", *DEFAULT_CHAIN[:2])
THOSE = ("generations", "poll")

FAULTS: dict[str, dict[str, list[str]]] = {
    "all is well": {},
    "its proxy is dead": {"comfy ask": ["proxy is not there"] * EVERY_CALL},
    "its queue is full": {"comfy submit": ["queue full"] * 4},
    "its weights are missing": {"comfy submit": ["weights missing"] * 4},
    "its proxy is killed while it begins": {"comfy submit": ["proxy killed, and it runs", "answer lost"]},
    "a key is in use": {"comfy submit": ["key in use, and it runs", "key in use, and nothing runs"]},
    "it runs out of memory": {"comfy job": ["out of memory"] * 4},
    "it starts again": {"comfy job": ["restart"]},
    "one job never ends": {"comfy job": ["stuck"]},
    "no message comes": {"poll message": ["lost"] * EVERY_CALL},
    "it does not answer once it has begun": {"comfy ask": ["", *["hang"] * EVERY_CALL]},
}
COMFY_SCENARIOS = (
    *(Scenario(f"own model: {name}", script, functions=THOSE, models=OWN_FIRST) for name, script in FAULTS.items()),
    Scenario(
        "own model: its user leaves while it works",
        life=leave_while_images_run,
        functions=("eraser",),
        models=OWN_FIRST,
    ),
)
