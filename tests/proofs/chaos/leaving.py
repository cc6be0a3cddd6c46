"""A person who leaves a simulated world: the deployed code, and every call that it makes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from local.simulated.functions import http_event
from operations.visit import Ask
from proofs.chaos.simulation.environment import new_world
from proofs.chaos.simulation.gateway import answer_of
from proofs.chaos.simulation.member import Member
from proofs.chaos.simulation.simulate import PHOTOS, _call_back, _call_of_toss
from proofs.chaos.simulation.sweeps import MINUTE, sweep_until_quiet
from proofs.chaos.simulation.users import SimulatedUser
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import SimulatedWorld
from veil.domain.uploads import user_folder

NAME = "user 1"
OTHER = "user 10"  # begins alike, in the table and in the bucket
POLLS = 200
TOMBSTONE = {"pk", "sk", "erased_at", "receipt", "expires_at"}
GONE: tuple[tuple[str, str, str, Any], ...] = (
    ("gallery", "GET", "/credits", None),
    ("gallery", "GET", "/credits/entries", None),
    ("gallery", "GET", "/generations", None),
    ("uploads", "POST", "/uploads", {"content_type": "image/jpeg", "size": 5}),
    ("generations", "POST", "/generations", {"upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G", "style": "classic"}),
    ("payments", "POST", "/orders", {"product": "pack_small"}),
    ("payments", "GET", "/orders", None),
    ("payments", "POST", "/subscriptions", None),
    ("payments", "GET", "/subscriptions/current", None),
)


@dataclass
class Left:
    """What became of a person who left: ``receipt`` is what it says at last."""

    world: SimulatedWorld
    receipt_id: str = ""
    receipt: Mapping[str, Any] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """Of the person, whatever they are."""
        return list(self.world.dynamodb._items.get(f"USER#{NAME}", {}).values())

    @property
    def objects(self) -> list[str]:
        return [key for key in self.world.s3.objects if f"/{user_folder(NAME)}/" in key]

    def of_partition(self, prefix: str) -> list[Mapping[str, Any]]:
        parts = self.world.dynamodb._items
        return [item for pk, part in parts.items() if pk.startswith(prefix) for item in part.values()]


def generate(user: SimulatedUser) -> None:
    """Some images are running."""
    user.generate_once()


def buy(user: SimulatedUser) -> None:
    """One order is paid, another one stands."""
    user.buyer.buy("pack_small")
    user.attempt(Ask("POST", "/orders", {"product": "pack_large"}))


def subscribe(user: SimulatedUser) -> None:
    Member(user).subscribe()


def nothing(_: SimulatedUser) -> None:
    """A token, and no visit before."""


def play(*before: Callable[[SimulatedUser], object], twice: bool = False) -> Left:
    """A world in which the person does all this ``before`` they leave."""
    with new_world("leaving", Weather) as world:
        world.replicate.post = partial(_call_back, world)
        world.toss_webhooks.post = partial(_call_of_toss, world)
        left = Left(world)
        world.living += 1
        user = SimulatedUser(world, NAME, [PHOTOS[0]], 1)
        world.scheduler.at(world.start + 1, partial(_live, user, before, left, twice))
        world.scheduler.at(world.start + MINUTE, lambda: sweep_until_quiet(world))
        world.scheduler.run()
    return left


def _live(user: SimulatedUser, before: Sequence[Callable[[SimulatedUser], object]], left: Left, twice: bool) -> None:
    for each in before:
        each(user)
    left.receipt_id = leave(user.world)
    if twice:
        assert leave(user.world) == left.receipt_id
    for _ in range(POLLS):
        left.receipt = receipt(user.world, left.receipt_id)
        if left.receipt.get("status") == "done":
            break
        user.world.scheduler.pause(20)
    for function, method, path, body in GONE:
        answer = None
        while answer is None:
            answer = answer_of(user.world.invoke(function, http_event(method, path, body, user=NAME)))
        left.refused.append((answer.status_code, answer.json().get("code")))
    user.world.living -= 1
    user.world.last_left = user.world.now()


def leave(world: SimulatedWorld) -> str:
    """As a client does it: again, until there is an answer."""
    while True:
        claims = {"auth_time": f"{world.now() - 60:.0f}"}
        event = http_event("DELETE", "/account", {"confirm": "delete my account"}, user=NAME, claims=claims)
        answer = answer_of(world.invoke("gallery", event))
        if answer is not None and answer.status_code < 500:
            assert answer.status_code == 202, answer.text
            return str(answer.json()["receipt"])
        world.scheduler.pause(2)


def receipt(world: SimulatedWorld, receipt_id: str) -> dict[str, Any]:
    answer = answer_of(world.invoke("gallery", http_event("GET", f"/erasures/{receipt_id}")))
    return {} if answer is None or answer.status_code >= 500 else dict(answer.json())
