"""One world from its beginning to its end: people come, the minutes pass, and in the end all is accounted for."""

from collections.abc import Callable, Sequence
from io import BytesIO
from math import ceil
from random import Random

from PIL import Image

from local.simulated.functions import http_event
from proofs.chaos.simulation.checks import check
from proofs.chaos.simulation.environment import world
from proofs.chaos.simulation.forgers import forge
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.users import Photo, User, reply_of
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import START, World

MINUTE = 60.0
COME_WITHIN_SECONDS = 3600.0
PATIENCE_SECONDS = 4 * 3600.0  # for all to end, after the last person has gone
A_USERS_SHARE = 3  # generations
FORGERIES = 0.05  # to one real webhook


def simulate(seed: str, generations: int, weather: Callable[[Random, Score], Weather] = Weather.drawn) -> Score:
    """At least so many generations; unless told otherwise, the seed decides the weather too."""
    with world(seed, weather) as made:
        photos = make_photos()
        for number in range(ceil(generations / A_USERS_SHARE)):
            user = User(made, f"user {number}", photos, min(A_USERS_SHARE, generations - A_USERS_SHARE * number))
            people(made, [user.live])
        run(made)
    return made.score


def people(made: World, lives: Sequence[Callable[[], object]]) -> None:
    """Let them come, each at a moment of the first hour."""
    for live in lives:
        made.living += 1
        made.scheduler.at(START + made.random.uniform(0, COME_WITHIN_SECONDS), lambda live=live: _lived(made, live))  # type: ignore[misc]


def _lived(made: World, live: Callable[[], object]) -> None:
    live()
    made.living -= 1
    made.last_left = made.now()


def run(made: World) -> None:
    """Let it all happen, with a sweep each minute, and hold it to account."""
    made.replicate.post = lambda path, headers, body: _call_back(made, path, headers, body)
    made.scheduler.at(START + MINUTE, lambda: _sweep_each_minute(made))
    made.scheduler.run()
    check(made)


def _call_back(made: World, path: str, headers: dict[str, str], body: bytes) -> int | None:
    """Replicate calls: the status that it gets."""
    event = http_event("POST", path, body=body.decode(), headers=headers)
    reply = reply_of(made.invoke("webhook", event))
    if reply is None:
        return None
    if reply.status == 500:
        made.score.violation("a webhook answered 500")
    if reply.status < 300:
        made.watch.acknowledged(made.dynamodb, path)
    if made.weather.rates and made.random.random() < FORGERIES:
        forge(made, path, body)
    return None if made.weather.strikes("api") else reply.status


def _sweep_each_minute(made: World) -> None:
    """As the schedule does; a sweep that would find nothing is left out."""
    while made.living or made.scheduler.busy or made.dynamodb.next_due() is not None:
        due = made.dynamodb.next_due()
        if due is not None and due <= made.now():
            made.scheduler.after(0, lambda: made.invoke("sweeper", {}))
        if not made.living and made.now() > made.last_left + PATIENCE_SECONDS:
            made.score.violation("the work list never came to its end")
            return
        made.scheduler.pause(MINUTE)


def make_photos() -> list[Photo]:
    """Mostly one that can be used, and some that can't."""
    good = _encode((300, 400), "JPEG")
    return [
        *[Photo("image/jpeg", good, good=True)] * 12,
        Photo("image/png", _encode((300, 300), "PNG"), good=True),
        Photo("image/jpeg", _encode((20, 20), "JPEG"), good=False),
        Photo("image/png", good, good=False),
        Photo("image/jpeg", good[: len(good) // 2], good=False),
        Photo("image/webp", b"no image at all", good=False),
    ]


def _encode(size: tuple[int, int], form: str) -> bytes:
    data = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(data, form)
    return data.getvalue()
