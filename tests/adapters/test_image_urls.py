"""Signed URLs of images: what CloudFront verifies, to the letter."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from local.simulated.environment import SECRETS, WEB_URL
from tests.support.image_urls import verified
from veil.adapters.delivery_keys import Signer, new_pair
from veil.adapters.image_urls import SETTLED_SECONDS, SignedImageUrls, canned_policy

KEY = "results/YWRh/01J0000000000000000000000A/0"


@dataclass
class Clock:
    now: float = 1_790_000_040  # a minute begins

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeSettling:
    value: str = SECRETS["delivery-key"]
    asked: list[float] = field(default_factory=list)

    def settled(self, seconds: float) -> str:
        self.asked.append(seconds)
        return self.value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret() -> FakeSettling:
    return FakeSettling()


@pytest.fixture
def urls(clock: Clock, secret: FakeSettling) -> SignedImageUrls:
    return SignedImageUrls(WEB_URL, secret, clock)


def test_the_canned_policy_is_cloudfronts() -> None:
    """The developer guide's own: no blank, in this order."""
    assert canned_policy("https://d111111abcdef8.cloudfront.net/results/U/G/0", 1790000000) == (
        b'{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/results/U/G/0",'
        b'"Condition":{"DateLessThan":{"AWS:EpochTime":1790000000}}}]}'
    )


def test_a_url_is_good_for_fifteen_minutes(urls: SignedImageUrls, clock: Clock) -> None:
    url, expires_at = urls.sign(KEY)
    assert verified(url) == f"{WEB_URL}/{KEY}"
    assert url.startswith(f"{WEB_URL}/{KEY}?Expires={expires_at:.0f}&Signature=")
    for into in (0, 59.9):
        clock.now = 1_790_000_040 + into
        assert 900 <= urls.sign(KEY)[1] - clock.now <= 960


def test_every_process_signs_the_same_url_until_the_next_minute(clock: Clock) -> None:
    signed = set()
    for _ in range(2):
        clock.now = 1_790_000_040
        one = SignedImageUrls(f"{WEB_URL}/", FakeSettling(), clock)
        for _ in range(3):
            signed.add(one.sign(KEY))
            clock.now += 19.9
    assert len(signed) == 1
    clock.now = 1_790_000_100
    assert one.sign(KEY) not in signed


def test_a_file_is_named_inside_the_signature(urls: SignedImageUrls) -> None:
    url, _ = urls.sign(KEY, "veil-classic-1.jpg")
    assert url.startswith(f"{WEB_URL}/{KEY}?download=veil-classic-1.jpg&Expires=")
    assert verified(url) == f"{WEB_URL}/{KEY}?download=veil-classic-1.jpg"
    assert urls.sign(KEY)[0] != url


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("/0?", "/1?"),
        lambda url: url.replace("https://", "http://"),
        lambda url: url.replace("Expires=17", "Expires=18"),
        lambda url: url.replace("?", "?download=other.jpg&"),
    ],
)
def test_nothing_of_it_can_be_changed(urls: SignedImageUrls, change: Callable[[str], str]) -> None:
    with pytest.raises(InvalidSignature):
        verified(change(urls.sign(KEY)[0]))


def test_another_key_takes_over_when_it_has_settled(urls: SignedImageUrls, secret: FakeSettling) -> None:
    before, _ = urls.sign(KEY)
    pair = new_pair()
    secret.value = json.dumps({"key_id": "K2", "pem": pair.private})
    after, _ = urls.sign(KEY)
    assert after != before
    public = load_pem_public_key(pair.public.encode())
    assert verified(after, public, "K2")  # type: ignore[arg-type]
    assert set(secret.asked) == {SETTLED_SECONDS}


def test_no_letter_of_a_signature_needs_to_be_encoded(urls: SignedImageUrls) -> None:
    for index in range(64):
        signature = urls.sign(f"{KEY}{index}")[0].partition("Signature=")[2].partition("&")[0]
        assert not set(signature) & set("+/=")


def test_only_an_ec_key_signs() -> None:
    with pytest.raises(ValueError, match="PEM"):
        Signer("no key")
