"""A person's whole way through Veil, on a phone, in a real browser, on the deployed stack."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from local.cloud.running import RunningCloud
from tests.e2e.world import World, until
from tests.web.axe import violations
from tests.web.conftest import Device
from tests.web.customer import PATIENCE_MS, Customer

pytestmark = pytest.mark.cloud

NOT_ASKED_YET = "403 POST .*/api/uploads$"  # the photo is offered before it was ever asked whether it may be sent


@pytest.fixture
def customer(device: Device, running: RunningCloud) -> Customer:
    """Somebody whom nobody has seen before, at the edge."""
    return Customer(device.context.new_page(), running.web_url, f"web-{uuid4()}")


@pytest.fixture
def settled(world: World) -> World:
    """The stand-ins, where every prediction runs until the test says how it ends."""
    world.misbehave(replicate={"outcome": "never"})
    return world


def _predictions(world: World, since: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.control.get("/_control/predictions").json()[since:]
    return found


def _end(world: World, prediction: dict[str, Any], kind: str) -> None:
    world.control.post(f"/_control/predictions/{prediction['id']}/outcome", json={"kind": kind}).raise_for_status()


def test_from_a_photo_to_the_image_that_is_kept(customer: Customer, device: Device, settled: World) -> None:
    device.watch.announce(NOT_ASKED_YET)
    before = len(settled.control.get("/_control/predictions").json())
    customer.open()
    customer.follow("사진 고르기")
    customer.choose_photo()
    customer.reload("이 사진으로 할까요?")
    customer.follow("다음")
    customer.reload("어떤 분위기로 만들까요?")
    customer.choose_style()
    customer.reload("무엇을 입을까요?")
    customer.choose_role()
    customer.reload("이대로 만들까요?")

    customer.make()
    customer.sign_in()
    customer.agree("나와 닮았는지 확인하기")
    customer.is_at("/generations/")
    customer.reload("웨딩 사진을")

    # Each image fills its frame when it is there, whatever the others do; one can't be made.
    until(lambda: len(_predictions(settled, before)) == 4)
    first, second, third, fourth = _predictions(settled, before)
    settled.misbehave(replicate={"outcome": "flagged"})  # whatever is tried in the place of the last one
    for prediction, stored in ((first, 1), (second, 2), (third, 3)):
        _end(settled, prediction, "succeeded")
        expect(customer.images).to_have_count(stored, timeout=PATIENCE_MS)
    assert violations(customer.page) == []
    _end(settled, fourth, "flagged")
    customer.sees("마음에 드는 한 장을")
    customer.sees_text("1크레딧을 돌려드렸어요")
    customer.reload("마음에 드는 한 장을")

    customer.images.first.click()
    customer.press("이 사진 고르기")
    customer.sees("고른 사진이에요", "button")
    customer.page.go_back()
    customer.sees("이 사진을 골랐어요")
    with customer.page.expect_download() as download:
        customer.press("이 사진 저장하기")
    assert re.fullmatch(r"[\w-]+\.(jpg|png|webp)", download.value.suggested_filename)
    assert download.value.path().stat().st_size > 10_000

    customer.open("/credits")
    customer.sees_text("만들지 못해 돌려받았어요")
    customer.open("/album")
    customer.page.get_by_role("button", name=re.compile("지우기")).first.click()
    customer.press("지우기")
    customer.sees("첫 웨딩 사진을 만들어 볼까요?")
