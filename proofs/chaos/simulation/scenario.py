"""What one person does in a world where one thing goes wrong: each is played again with a crash at every place."""

from collections.abc import Callable
from dataclasses import dataclass, field

from proofs.chaos.simulation.users import SimulatedUser

EVERY_CALL = 100  # more than any scenario makes


@dataclass(frozen=True)
class Scenario:
    """``script``: the faults of each kind's calls; ``deaf``: no webhook comes; ``life``: what the person does;
    ``functions``: those that crash, all where none is named; ``models``: MODELS, the default where none is named.
    """

    name: str
    script: dict[str, list[str]] = field(default_factory=dict)
    deaf: bool = False
    photo: int = 0
    life: Callable[[SimulatedUser], object] = SimulatedUser.generate_once
    functions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
