"""What CloudFront lets in: by botocore's signer, which is not ours, and by hand where that one can't."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.cloud.signed_urls import Refused, SignedUrl

NOW = 1_790_000_000
ORIGIN = "http://127.0.0.1:8787"
PATH = "/results/ada%7C1/01J/0.jpg"
RSA, EC, ANOTHER = (
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP256R1()),
    ec.generate_private_key(ec.SECP256R1()),
)
HASHES: Mapping[str, hashes.HashAlgorithm] = {"SHA1": hashes.SHA1(), "SHA256": hashes.SHA256()}

type Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: Key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signer(key: Key, algorithm: str = "SHA256") -> Callable[[bytes], bytes]:
    chosen = HASHES[algorithm]
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda message: key.sign(message, padding.PKCS1v15(), chosen)
    return lambda message: key.sign(message, ec.ECDSA(chosen))


def signed(
    key: Key = EC, *, path: str = PATH, seconds: float = 900, algorithm: str = "SHA256", said: str | None = "SHA256"
) -> str:
    """Path and query of a URL that is good for ``seconds``; ``said``: what it says of its algorithm."""
    until = datetime.fromtimestamp(NOW + seconds, UTC)
    made: str = CloudFrontSigner("K1", signer(key, algorithm)).generate_presigned_url(ORIGIN + path, until)
    return made.removeprefix(ORIGIN) + (f"&Hash-Algorithm={said}" if said else "")


def custom(policy: object, key: Key = EC) -> str:
    text = policy if isinstance(policy, bytes) else json.dumps(policy).encode()
    encoded = [b64encode(each).decode().translate(str.maketrans("+=/", "-_~")) for each in (text, signer(key)(text))]
    return f"{PATH}?Policy={encoded[0]}&Signature={encoded[1]}&Key-Pair-Id=K1&Hash-Algorithm=SHA256"


def statement(resource: str = ORIGIN + PATH, **conditions: object) -> dict[str, object]:
    least = {"DateLessThan": {"AWS:EpochTime": NOW + 60}}
    return {"Statement": [{"Resource": resource, "Condition": least | conditions}]}


def check(target: str, key: Key = EC, origin: str = ORIGIN, address: str = "127.0.0.1") -> SignedUrl:
    path, _, query = target.partition("?")
    url = SignedUrl.of(origin, path, query)
    assert url.key_id == "K1"
    url.check(pem(key), NOW, address)
    return url


def refuse(target: str) -> None:
    with pytest.raises(Refused) as refused:
        check(target)
    assert (refused.value.code, refused.value.message) == ("AccessDenied", "Access denied")


@pytest.mark.parametrize("key", [RSA, EC])
@pytest.mark.parametrize(("algorithm", "said"), [("SHA256", "SHA256"), ("SHA1", "SHA1"), ("SHA1", None)])
def test_what_is_signed_is_let_in(key: Key, algorithm: str, said: str | None) -> None:
    assert check(signed(key, algorithm=algorithm, said=said), key).query == ""


@pytest.mark.parametrize("key", [RSA, EC])
@pytest.mark.parametrize(
    ("algorithm", "said"), [("SHA256", None), ("SHA256", "SHA1"), ("SHA1", "SHA256"), ("SHA1", "MD5")]
)
def test_another_algorithm_than_it_says_is_refused(key: Key, algorithm: str, said: str | None) -> None:
    with pytest.raises(Refused):
        check(signed(key, algorithm=algorithm, said=said), key)


def test_another_keys_and_one_that_is_over_are_refused() -> None:
    for target in (signed(ANOTHER), signed(seconds=0), signed(seconds=-1)):
        refuse(target)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/0.jpg", "/1.jpg"),
        ("/results/", "/inputs/"),
        ("%7C", "|"),
        (f"Expires={NOW + 900}", f"Expires={NOW + 901}"),
        (f"Expires={NOW + 900}", "Expires=+1e99"),
        ("?", "?download=1&"),
        ("&Key", "&download=1&Key"),
        ("&Key", f"&Expires={NOW + 900}&Key"),
        ("Signature=", "Signature=A"),
        ("Signature=", "Signature=~"),
        ("Signature=", "Sig="),
    ],
)
def test_what_was_changed_is_refused(old: str, new: str) -> None:
    target = signed()
    check(target)
    assert target.replace(old, new) != target
    refuse(target.replace(old, new))


def test_it_is_for_the_origin_that_it_was_signed_for() -> None:
    with pytest.raises(Refused):
        check(signed(), origin="http://127.0.0.1:8788")


def test_its_own_query_is_signed_with_it_and_goes_on() -> None:
    url = check(signed(path=f"{PATH}?download=1&x=%2F"))
    assert url.query == "download=1&x=%2F"


def test_without_a_key_that_is_what_is_missing() -> None:
    for query in ("", "Expires=1&Signature=x", "Key-Pair-Id="):
        with pytest.raises(Refused) as refused:
            _ = SignedUrl.of(ORIGIN, PATH, query).key_id
        assert refused.value.code == "MissingKey"


@pytest.mark.parametrize(
    "policy",
    [
        statement(),
        statement(f"{ORIGIN}/results/ada%7C1/*"),
        statement(f"{ORIGIN}/results/ada%7C1/01J/?.jpg"),
        statement("*"),
        statement(DateGreaterThan={"AWS:EpochTime": NOW - 1}, IpAddress={"AWS:SourceIp": "127.0.0.0/8"}),
        statement(IpAddress={"AWS:SourceIp": "127.0.0.1"}),
    ],
)
def test_a_custom_policy_that_holds(policy: object) -> None:
    check(custom(policy))


@pytest.mark.parametrize(
    "policy",
    [
        statement(f"{ORIGIN}/results/bob/*"),
        statement(f"{ORIGIN}/results/ada.1/*"),
        statement(DateLessThan={"AWS:EpochTime": NOW}),
        statement(DateGreaterThan={"AWS:EpochTime": NOW}),
        statement(IpAddress={"AWS:SourceIp": "10.0.0.0/8"}),
        statement(IpAddress={"AWS:SourceIp": "nowhere"}),
        {"Statement": []},
        {"Statement": [{"Resource": "*"}]},
        [],
        b"{",
    ],
)
def test_a_custom_policy_that_does_not(policy: object) -> None:
    with pytest.raises(Refused):
        check(custom(policy))


def test_a_custom_policy_of_another() -> None:
    with pytest.raises(Refused):
        check(custom(statement(), ANOTHER))
