"""Every screen in every state, on a phone: it keeps nobody out, nothing goes wrong, and what answered is the API's."""

import pytest
from playwright.sync_api import Page

from local.simulated.functions import Answer
from local.web_shots.api import Asked, Reply
from local.web_shots.edge import FakeEdge
from local.web_shots.state import State
from local.web_shots.states import STATES
from tests.support.conformance import conforms
from tests.web.axe import low_contrast, violations
from tests.web.conftest import PHONE, Device
from veil.domain.language import Language

NAMED = {state.name: state for state in STATES}


def test_no_two_states_have_the_same_name() -> None:
    assert len(NAMED) == len(STATES)


@pytest.mark.parametrize("state", STATES, ids=NAMED)
def test_a_state(state: State, device: Device, edge: FakeEdge) -> None:
    for refusal in state.refuses:
        device.watch.announce(refusal)
    page = state.open(device.context, edge, Language.KO)
    _see_all_of_it(page)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert low_contrast(page) == []
    for asked in edge.api.asked:
        _is_the_apis(asked)


def _see_all_of_it(page: Page) -> None:
    """What lies below is not under the bar at the bottom: a person scrolls it into sight."""
    height: int = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE["viewport"]["width"], "height": max(height, PHONE["viewport"]["height"])})


def _is_the_apis(asked: Asked) -> None:
    """What the table answers is what the API could: held against its document, as its own answers are."""
    if asked.reply and not asked.path.startswith(("/oidc/", "/photos/")):
        answer = Answer(asked.reply.status, asked.reply.all_headers, asked.reply.content.decode())
        conforms(asked.method, asked.path, answer)


def test_a_reply_that_is_not_the_apis_is_found() -> None:
    made_up = Asked("GET", "/credits", {}, b"", Reply(200, {"available": 1, "held": 0}))
    with pytest.raises(AssertionError, match="owed"):
        _is_the_apis(made_up)
