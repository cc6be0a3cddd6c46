"""A person's whole way through Veil, on a phone, in a real browser, on the deployed stack."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from local.cloud.running import RunningCloud
from local.demo import PHOTO
from tests.e2e.world import World, until
from tests.web.axe import violations
from tests.web.conftest import PHONE, Device, Opened
from tests.web.customer import PATIENCE_MS, Customer

pytestmark = pytest.mark.cloud

DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "ko-KR", "timezone_id": "Asia/Seoul"}


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


def test_from_a_photo_to_the_image_that_is_kept(customer: Customer, settled: World) -> None:
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
    customer.page.get_by_role("dialog").get_by_role("button", name="지우기").click()
    customer.sees("첫 웨딩 사진을 만들어 볼까요?")


def test_a_photo_that_is_rejected_and_another_one(customer: Customer, world: World) -> None:
    world.misbehave(azure={"count": 2})
    customer.begin()
    customer.open("/photo")
    customer.choose_photo()
    customer.follow("다음")
    customer.sees("어떤 분위기로 만들까요?")
    customer.open("/photo/check")
    customer.follow("안내 읽고 동의하기")
    customer.agree()
    customer.sees("두 사람 이상이 나왔어요")
    customer.reload("두 사람 이상이 나왔어요")
    world.behave()
    customer.page.locator("input[type=file]").first.set_input_files(PHOTO)
    customer.sees("좋은 사진이에요")


def test_offline_and_back(customer: Customer, device: Device) -> None:
    device.watch.allow("net::ERR_INTERNET_DISCONNECTED")
    customer.begin()
    customer.open("/consent?next=/photo")
    customer.agree()
    customer.choose_photo()
    device.context.set_offline(True)
    customer.sees_text("인터넷에 연결되어 있지 않아요")
    customer.follow("다음")
    device.context.set_offline(False)
    customer.sees("어떤 분위기로 만들까요?")
    customer.choose_style("모던")
    customer.choose_role("신랑")
    customer.make()
    customer.is_at("/generations/")
    device.context.set_offline(True)
    customer.sees_text("인터넷에 연결되어 있지 않아요")
    device.context.set_offline(False)
    customer.sees("마음에 드는 한 장을")


def test_a_part_that_is_gone_comes_with_the_page_anew(customer: Customer, device: Device) -> None:
    """As when there is a newer version. Where the page lacks it, too, the person decides when to look again."""
    device.watch.allow("net::ERR_FAILED")
    gone = True
    customer.page.route(
        re.compile(r"/assets/photo-[^/]+\.js$"), lambda route: route.abort() if gone else route.continue_()
    )
    customer.open("/")
    customer.follow("사진 고르기")
    customer.sees_text("화면을 다 불러오지 못했어요")
    gone = False
    customer.press("새로 고치기")
    customer.sees("어떤 사진으로 만들까요?")


def test_a_session_that_was_ended_elsewhere(customer: Customer, device: Device, world: World) -> None:
    """The tab signs in again, and is where it was."""
    customer.begin()
    world.control.delete("/_control/oidc/sessions").raise_for_status()
    device.watch.announce("400 POST .*/oidc/token$")
    customer.open("/credits")
    customer.sign_in()
    customer.is_at("/credits")
    customer.sees_text("가입 축하 크레딧")


def test_buying_giving_back_and_the_plan(customer: Customer, device: Device) -> None:
    customer.begin()
    customer.open("/buy?next=/photo")
    customer.sees("몇 장을 더 만들까요?")
    customer.press("9,900원 결제하기")
    customer.page.wait_for_url(re.compile("/toss/window"))
    customer.page.go_back()
    customer.sees("아직 결제하지 않았어요")
    customer.press("창 다시 열기")
    customer.press("결제하기")
    customer.is_at("/orders/")
    customer.sees("12장을 더 만들 수 있어요")
    customer.page.reload()
    customer.sees("결제한 주문이에요")
    customer.press("쓰지 않은 크레딧 12개 환불하기")
    customer.press("9,900원 환불하기")
    customer.sees("환불했어요")

    device.watch.announce("404 GET .*/subscriptions/current$")
    customer.open("/plan")
    customer.page.get_by_role("checkbox").check()
    customer.press("카드 등록하고 시작하기")
    customer.page.wait_for_url(re.compile("/toss/window/billing"))
    customer.page.get_by_role("button").first.click()
    customer.is_at("/plan")
    customer.sees("구독하고 있어요")
    customer.reload("구독하고 있어요")
    customer.press("구독 그만두기")
    customer.page.get_by_role("dialog").get_by_role("button", name="구독 그만두기").click()
    customer.sees("그만두었어요")


def test_leaving(customer: Customer, device: Device) -> None:
    customer.begin()
    customer.open("/me")
    device.watch.announce("404 GET .*/subscriptions/current$")
    customer.sees("내 정보")
    customer.follow("탈퇴하기")
    customer.sees("정말 떠나시나요?")
    customer.page.get_by_role("checkbox").check()
    customer.press("탈퇴하기")
    customer.is_at("/left/")
    customer.sees("모두 지웠어요")
    customer.reload("모두 지웠어요")
    device.watch.announce("410 GET .*/api/credits$")
    device.watch.allow("410 GET")
    customer.open("/credits")
    customer.sign_in()
    customer.sees("탈퇴한 계정이에요")


def test_the_back_button(customer: Customer) -> None:
    """The browser's and the page's own do the same, and nothing that was chosen is lost."""
    customer.open()
    customer.follow("사진 고르기")
    customer.choose_photo()
    customer.follow("다음")
    customer.choose_style("빈티지")
    customer.choose_role("신랑")
    customer.page.go_back()
    customer.sees("무엇을 입을까요?")
    customer.follow("뒤로")
    customer.sees("어떤 분위기로 만들까요?")
    expect(customer.find("button", "빈티지")).to_have_attribute("aria-pressed", "true")
    customer.page.go_back()
    customer.sees("이 사진으로 할까요?")
    customer.page.go_forward()
    customer.page.go_forward()
    customer.page.go_forward()
    customer.sees("이대로 만들까요?")
    customer.sees_text("신랑, 턱시도")
    customer.make()
    customer.page.keyboard.press("Escape")
    customer.sees("이대로 만들까요?")
    customer.page.go_back()
    customer.page.go_back()
    customer.page.go_back()
    customer.page.go_back()
    customer.sees("사진 한 장으로")


def test_by_keyboard_alone(opened: Opened, running: RunningCloud) -> None:
    """From the start to the sheet that offers to sign in, on a desk, without a mouse."""
    page = opened(**DESK).context.new_page()
    customer = Customer(page, running.web_url, f"web-{uuid4()}")
    customer.open()
    customer.sees("사진 한 장으로")
    customer.reach("사진 고르기")
    page.keyboard.press("Enter")
    customer.sees("어떤 사진으로 만들까요?")
    with page.expect_file_chooser() as chooser:
        customer.reach("사진 고르기")
        page.keyboard.press("Enter")
    chooser.value.set_files(PHOTO)
    customer.sees("이 사진으로 할까요?")
    for name, then in (("다음", "어떤 분위기로"), ("클래식", "무엇을 입을까요?"), ("신부", "이대로 만들까요?")):
        customer.reach(name)
        page.keyboard.press("Enter")
        customer.sees(then)
    customer.reach("만들기")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert page.evaluate("() => document.activeElement.textContent") == "만들기"  # where it was before


def test_in_english(opened: Opened, running: RunningCloud) -> None:
    """The browser's language is taken, a choice is kept, and what the API says is in it, too."""
    page = opened(**{**PHONE, "locale": "en-US"}).context.new_page()
    customer = Customer(page, running.web_url, f"web-{uuid4()}")
    customer.open()
    customer.sees("One photo in,")
    assert page.evaluate("() => document.documentElement.lang") == "en"
    customer.press("한국어")
    customer.sees("사진 한 장으로")
    customer.reload("사진 한 장으로")
    customer.press("English")
    customer.sees("One photo in,")
    assert violations(page) == []
