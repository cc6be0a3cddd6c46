"""A provider's credential that was replaced: what is refused for the old one is asked again with the new one, once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest

from tests.adapters.test_azure_face import PHOTO
from tests.adapters.test_replicate import ID, REQUEST, _prediction
from tests.adapters.test_upstash import Fallback, Lines
from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire
from veil.adapters.credentials import Credentialed
from veil.adapters.providers.azure_face import AzureFaceDetector, face_client
from veil.adapters.providers.replicate import ReplicateProvider, replicate_client
from veil.adapters.providers.upstash import UpstashRateLimiter, upstash
from veil.bootstrap import Bootstrap
from veil.domain.photos import FaceServiceRefused
from veil.domain.predictions import OutcomeUnknown, ProviderDown, Refused, Throttled

REFUSED = Reply(401, {"error": "WRONGPASS invalid or missing auth token"})


@dataclass
class Provider:
    """One adapter with a token that may be replaced; ``ask`` is what it is there for, ``good`` a good answer to it."""

    token: FakeSecret
    ask: Callable[[], Any]
    good: Reply
    header: str


@pytest.fixture
def token() -> FakeSecret:
    return FakeSecret("old")


@pytest.fixture
def model(wire: Wire, token: FakeSecret) -> Iterator[ReplicateProvider]:
    with ExitStack() as closing:

        def make(value: str) -> Any:
            client = replicate_client(wire.url, value, 240)
            closing.callback(client._client.close)  # it has no close of its own
            return client

        yield ReplicateProvider(Credentialed(token, make))


@pytest.fixture
def detector(wire: Wire, token: FakeSecret) -> Iterator[AzureFaceDetector]:
    with ExitStack() as closing:

        def make(value: str) -> Any:
            return closing.enter_context(face_client(wire.url, value))

        yield AzureFaceDetector(Credentialed(token, make))


@pytest.fixture
def limiter(wire: Wire, token: FakeSecret) -> Iterator[UpstashRateLimiter]:
    with ExitStack() as closing:

        def make(value: str) -> Any:
            return closing.enter_context(upstash(wire.url, value))

        yield UpstashRateLimiter(
            Credentialed(token, make), name="n", limit=3, window=600, fallback=Fallback(), telemetry=Lines()
        )


@pytest.fixture(params=["start", "fetch", "cancel", "detect", "limit"])
def provider(
    request: Any, token: FakeSecret, model: ReplicateProvider, detector: AzureFaceDetector, limiter: UpstashRateLimiter
) -> Provider:
    prediction, bearer = Reply(201, _prediction()), "authorization"
    return {
        "start": Provider(token, lambda: model.start(REQUEST), prediction, bearer),
        "fetch": Provider(token, lambda: model.fetch(ID), prediction, bearer),
        "cancel": Provider(token, lambda: model.cancel(ID), prediction, bearer),
        "detect": Provider(token, lambda: detector.detect(PHOTO), Reply(200, []), "ocp-apim-subscription-key"),
        "limit": Provider(token, lambda: limiter.check("alice", 0), Reply(200, {"result": [1, 600]}), bearer),
    }[request.param]


def _shown(wire: Wire, provider: Provider) -> list[str]:
    """The credentials that were shown, in order."""
    return [asked.headers[provider.header].removeprefix("Bearer ") for asked in wire.asked]


def test_asked_again_with_the_new_one(wire: Wire, provider: Provider) -> None:
    provider.token.put("new")
    wire.answer(REFUSED, provider.good)
    provider.ask()
    assert _shown(wire, provider) == ["old", "new"]
    assert wire.asked[0].body == wire.asked[1].body
    provider.ask()
    assert _shown(wire, provider) == ["old", "new", "new"]


REFUSAL = (Refused, ProviderDown, FaceServiceRefused)


def _refused(provider: Provider) -> bool:
    """Whether the adapter says so; the rate limit goes to its other limiter instead."""
    try:
        provider.ask()
    except REFUSAL:
        return True
    return False


def test_without_a_new_one_it_is_asked_once(
    wire: Wire, provider: Provider, limiter: UpstashRateLimiter, caplog: pytest.LogCaptureFixture
) -> None:
    wire.answer(REFUSED)
    fallback: Any = limiter._fallback
    assert _refused(provider) or fallback.asked
    assert _shown(wire, provider) == ["old"]
    assert [vars(record).get("secret") for record in caplog.records] == ["veil-test/fake"]
    assert "old" not in caplog.text


def test_a_new_one_that_is_no_better_is_shown_once(wire: Wire, provider: Provider, limiter: UpstashRateLimiter) -> None:
    provider.token.put("new")
    wire.answer(REFUSED)
    fallback: Any = limiter._fallback
    assert _refused(provider) or fallback.asked
    assert _shown(wire, provider) == ["old", "new"]


def test_what_may_have_been_done_is_never_asked_again(wire: Wire, token: FakeSecret, model: ReplicateProvider) -> None:
    for status, error in ((402, Refused), (422, Refused), (429, Throttled), (500, OutcomeUnknown)):
        wire.asked.clear()
        token.put("newer")
        wire.answer(Reply(status, {"detail": "no"}))
        with pytest.raises(error):
            model.start(REQUEST)
        assert len(wire.asked) == 1


def test_four_starts_at_once(
    wire: Wire, token: FakeSecret, model: ReplicateProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All four are refused before any of them has the new token; none is lost, and none is made twice."""
    token.put("new")
    together, renew = Barrier(4, timeout=5), token.renew
    ids: list[str] = []

    def renew_together() -> None:
        together.wait()
        renew()

    monkeypatch.setattr(token, "renew", renew_together)
    wire.answer(*[REFUSED] * 4, Reply(201, _prediction()))
    Bootstrap.in_parallel([lambda: ids.append(model.start(REQUEST))] * 4)
    assert ids == [ID] * 4
    assert sorted(asked.headers["authorization"] for asked in wire.asked) == ["Bearer new"] * 4 + ["Bearer old"] * 4
