"""What is another's is not there: on every route that names something, and never by another answer than "none such"."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from local.simulated.functions import Answer
from tests.hostile.attack import Attack
from tests.hostile.people import Person
from tests.support.consents import AGREED
from tests.support.driver import is_problem
from veil.api.routes import ROUTES, Route

NOBODYS = "01JDCK5T7Q8Z9A1B2C3D4E5F6G"

# Path parameter → the ids of a person that belong there, and the code for none such.
IDS: dict[str, tuple[Callable[[Person], list[str]], str]] = {
    "upload_id": (lambda person: [person.upload_id], "upload_not_found"),
    "order_id": (lambda person: [person.order_id], "order_not_found"),
    "generation_id": (lambda person: [person.running, person.settled, person.deleted], "generation_not_found"),
}
# Their own table, `test_tokens.py`: what they name is not a user's but Replicate's to name. A receipt is whoever's who
# has it, and a kind of consents everybody's.
NO_ID = {"provider", "token", "secret", "receipt", "kind"}
BODIES: dict[tuple[str, str], object] = {
    ("PUT", "/generations/{generation_id}/selection"): {"image": 0},
    ("DELETE", "/account"): {"confirm": "delete my account"},
    ("POST", "/orders"): {"product": "pack_small"},
    ("POST", "/orders/{order_id}/confirm"): {"payment_key": "tveil", "amount": 3900},
    ("POST", "/orders/{order_id}/refund"): {},
    ("POST", "/subscriptions/confirm"): {"auth_key": "ak", "customer_key": "ck"},
    ("PUT", "/subscriptions/current"): {"amount": 9900},
    ("PUT", "/consents/{kind}"): AGREED.json,
}


class Door(NamedTuple):
    """A route that names something of somebody's."""

    route: Route
    parameter: str

    def path(self, id_: str) -> str:
        return self.route.path.replace(f"{{{self.parameter}}}", id_)


def _key(route: Route) -> tuple[str, str]:
    return route.method, route.path


def doors() -> list[Door]:
    """From the routes themselves: a new one is tried without being asked for, or fails here for want of ids."""
    found = [Door(route, name) for route in ROUTES for name in re.findall(r"\{(\w+)\}", route.path)]
    return [door for door in found if door.parameter not in NO_ID]


def _without_request_id(answer: Answer) -> object:
    members = {name: value for name, value in answer.json.items() if name != "request_id"}
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status, members, headers


@pytest.mark.parametrize("door", doors(), ids=lambda door: f"{door.route.method} {door.route.path}")
def test_anothers_id_is_as_good_as_none(attack: Attack, victim: Person, door: Door) -> None:
    ids, code = IDS[door.parameter]

    def ask(id_: str) -> Answer:
        return attack.send(door.route.function, door.route.method, door.path(id_), BODIES.get(_key(door.route)))

    nobodys = ask(NOBODYS)
    is_problem(nobodys, 404, code)
    for id_ in ids(victim):
        assert _without_request_id(ask(id_)) == _without_request_id(nobodys)


@pytest.mark.parametrize("door", doors(), ids=lambda door: f"{door.route.method} {door.route.path}")
def test_the_table_asks_for_what_is_there(attack: Attack, victim: Person, door: Door) -> None:
    """The other side: the ids are good, and whose they are finds them."""
    ids, _ = IDS[door.parameter]
    path, body = door.path(ids(victim)[0]), BODIES.get(_key(door.route))
    answer = attack.send_freely(door.route.function, door.route.method, path, body, user=victim.user)
    # 409: it still runs, and can be neither chosen from nor deleted; 410: its payment is none
    assert answer.status in (200, 204, 409, 410), answer


def test_anothers_upload_makes_no_generation(attack: Attack, victim: Person) -> None:
    answers = [
        attack.send("generations", "POST", "/generations", {"upload_id": id_, "style": "classic"})
        for id_ in (NOBODYS, victim.upload_id)
    ]
    is_problem(answers[0], 404, "upload_not_found")
    assert _without_request_id(answers[0]) == _without_request_id(answers[1])


def test_anothers_idempotency_key_finds_nothing(attack: Attack, victim: Person) -> None:
    """The victim's key with the victim's very body: neither the victim's generation, nor word that there is one."""
    body = {"upload_id": victim.upload_id, "style": "classic"}
    answers = [
        attack.send("generations", "POST", "/generations", body, headers={"idempotency-key": key})
        for key in ("nobody's", victim.key)
    ]
    is_problem(answers[0], 404, "upload_not_found")
    assert _without_request_id(answers[0]) == _without_request_id(answers[1])
    again = attack.send(
        "generations", "POST", "/generations", body, user=victim.user, headers={"idempotency-key": victim.key}
    )
    assert (again.status, again.json["id"]) == (200, victim.running)


def test_anothers_idempotency_key_is_free(attack: Attack, victim: Person, mallory: Person) -> None:
    before, body = attack.before["items"], {"upload_id": mallory.upload_id, "style": "modern"}
    answer = attack.send_freely("generations", "POST", "/generations", body, headers={"idempotency-key": victim.key})
    assert answer.status == 202
    after = attack.state()["items"]
    assert {key: after[key] for key in before if "victim" in key[0]} == {
        key: item for key, item in before.items() if "victim" in key[0]
    }


@pytest.mark.parametrize(("function", "path"), [("gallery", "/generations"), ("gallery", "/credits/entries")])
def test_lists_are_ones_own(attack: Attack, victim: Person, function: str, path: str) -> None:
    answer = attack.send(function, "GET", path, query={"limit": "50"})
    assert answer.status == 200
    assert answer.json["items"]
    for private in (victim.user, victim.running, victim.settled, victim.deleted, victim.upload_id):
        assert private not in answer.text


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.public], ids=lambda route: f"{route.method} {route.path}")
def test_nobody_gets_nothing(attack: Attack, victim: Person, route: Route) -> None:
    """As the gateway's fallback route sends it, which asks for no token: each handler asks for itself."""
    ids = {"generation_id": victim.settled, "upload_id": victim.upload_id, "order_id": victim.order_id}
    ids["kind"] = "third_party_ai"
    bodies = {
        **BODIES,
        ("POST", "/uploads"): {"content_type": "image/jpeg", "size": 7},
        ("POST", "/generations"): {"upload_id": victim.upload_id, "style": "classic"},
    }
    path, body = route.path.format_map(ids), bodies.get(_key(route))
    is_problem(attack.send(route.function, route.method, path, body, user=None), 401, "unauthenticated")
