"""One world from its start to its end: people come, the minutes pass, and at the end everything is checked."""

import base64
from collections.abc import Callable, Sequence
from functools import partial
from math import ceil
from random import Random

from PIL import Image

from local.photos.make import encode
from local.simulated.functions import http_event
from proofs.chaos.simulation.checks import check
from proofs.chaos.simulation.comfy_scenarios import OWN_FIRST
from proofs.chaos.simulation.console import Console
from proofs.chaos.simulation.environment import new_world
from proofs.chaos.simulation.gateway import answer_of
from proofs.chaos.simulation.leaver import Leaver
from proofs.chaos.simulation.replicate import signed
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.sweeps import MINUTE, sweep_until_quiet
from proofs.chaos.simulation.users import SimulatedUser
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import SimulatedWorld
from proofs.photos import Photo, bad_photos
from veil.domain.image_models import CATALOGUE

COME_WITHIN_SECONDS = 3600.0
A_USERS_SHARE = 3  # generations
FORGED = 0.05  # webhooks, to one real one
REFUSED = (401, 404, 422, 503)  # statuses for a forged one; 503 where a secret could not be read
OTHER_SECRET = f"whsec_{base64.b64encode(bytes(24)).decode()}"
_SQUARE = Image.linear_gradient("L").convert("RGB")
_GOOD = encode(_SQUARE.resize((300, 400)), "JPEG")
PHOTOS = [  # mostly one that can be used
    *[Photo(_GOOD, "image/jpeg")] * 12,
    Photo(encode(_SQUARE.resize((300, 300)), "PNG"), "image/png"),
    *bad_photos(_GOOD),
]

type Webhook = tuple[str, dict[str, str], bytes]  # path, headers, body
type Forgery = Callable[[SimulatedWorld, str, bytes], Webhook]


def simulate(seed: str, generations: int, weather: Callable[[Random, Score], Weather] = Weather.drawn) -> Score:
    """At least so many generations; by default, the seed decides the weather too."""
    with new_world(seed, weather) as simulated:
        if simulated.weather.rates.get("own model"):
            simulated.deploy(MODELS=",".join(OWN_FIRST))
        for number in range(ceil(generations / A_USERS_SHARE)):
            share = min(A_USERS_SHARE, generations - A_USERS_SHARE * number)
            people(simulated, [SimulatedUser(simulated, f"user {number}", PHOTOS, share).live])
            if simulated.weather.strikes("leaver"):
                people(simulated, [Leaver(SimulatedUser(simulated, f"leaver {number}", PHOTOS, 2)).live])
        if simulated.weather.strikes("deployment"):
            deploy_within_the_hour(simulated)
        run(simulated)
    return simulated.score


def deploy_within_the_hour(world: SimulatedWorld) -> None:
    """Other models, in another order: open generations go on with them."""
    for seconds in (0.0, world.random.uniform(0, COME_WITHIN_SECONDS)):
        models = world.random.sample(list(CATALOGUE), world.random.randint(1, 4))
        world.score.injected["deployment of other models"] += 1
        world.scheduler.after(seconds, partial(world.deploy, MODELS=",".join(models)))


def people(world: SimulatedWorld, lives: Sequence[Callable[[], object]]) -> None:
    """Let them come, each at a moment of the first hour."""
    for live in lives:
        world.living += 1
        world.scheduler.at(world.start + world.random.uniform(0, COME_WITHIN_SECONDS), partial(_live, world, live))


def _live(world: SimulatedWorld, live: Callable[[], object]) -> None:
    live()
    world.living -= 1
    world.last_left = world.now()


def run(world: SimulatedWorld) -> None:
    """Let it all happen, with a sweep each minute, and check it."""
    world.replicate.post = partial(_call_back, world)
    world.toss_webhooks.post = partial(_call_of_toss, world)
    world.toss.approved = Console(world).paid
    world.scheduler.at(world.start + MINUTE, lambda: sweep_until_quiet(world))
    world.scheduler.run()
    check(world)


def _call_back(world: SimulatedWorld, path: str, headers: dict[str, str], body: bytes) -> int | None:
    """Replicate calls: the status that it gets."""
    answer = answer_of(world.invoke("webhook", http_event("POST", path, body.decode(), headers=headers)))
    if answer is None:
        return None
    if answer.status_code == 500:
        world.score.violation("a webhook answered 500")
    if answer.is_success:
        world.watch.accepted(world.dynamodb, path)
    if world.weather.rates and world.random.random() < FORGED:
        forge(world, path, body)
    return None if world.weather.strikes("api") else answer.status_code


def _call_of_toss(world: SimulatedWorld, secret: str, body: bytes) -> int | None:
    """Toss calls: the status that it gets."""
    answer = answer_of(world.invoke("payments", http_event("POST", f"/webhooks/toss/{secret}", body.decode())))
    if answer and answer.status_code == 500:
        world.score.violation("a webhook of Toss answered 500")
    return answer.status_code if answer and not world.weather.strikes("api") else None


def forge(world: SimulatedWorld, path: str, body: bytes) -> None:
    """Send one forgery of a webhook that was sent; none may be accepted, whatever else goes wrong."""
    kind = world.random.choice(list(FORGERIES))
    world.score.injected[f"webhook forged: {kind}"] += 1
    path, headers, body = FORGERIES[kind](world, path, body)
    event = http_event("POST", path, body.decode(), headers=headers)
    answer = answer_of(world.invoke("webhook", event))
    if answer and answer.status_code not in REFUSED:
        world.score.violation(f"a forged webhook ({kind}) was answered {answer.status_code}")


def _signed(seconds: float = 0, secret: str | None = None) -> Forgery:
    """A webhook signed so many seconds from now, with Replicate's secret or another."""

    def sign(world: SimulatedWorld, path: str, body: bytes) -> Webhook:
        key = secret or world.replicate.secret
        return path, signed(key, "msg_forged", body, world.now() + seconds), body

    return sign


def _changed(world: SimulatedWorld, path: str, body: bytes) -> Webhook:
    """Another body than the signed one."""
    _, headers, _ = _signed()(world, path, body)
    return path, headers, body.replace(b"p0", b"p1", 1)


def _other_token(world: SimulatedWorld, path: str, body: bytes) -> Webhook:
    """Signed by Replicate, and sent to an address that we never gave."""
    return _signed()(world, path[:-1] + ("A" if path[-1] != "A" else "Q"), body)


FORGERIES: dict[str, Forgery] = {
    "unsigned": lambda _, path, body: (path, {}, body),
    "wrong secret": _signed(secret=OTHER_SECRET),
    "stale": _signed(-302),
    "from the future": _signed(302),
    "changed": _changed,
    "token changed": _other_token,
}
