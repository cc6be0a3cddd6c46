"""Signed URLs with something about them changed, on the deployed local cloud: S3 itself refuses, and the edge does.

The local cloud checks signatures, dates, lengths and checksums as S3 does. It is laxer in one thing that was found:
S3 refuses every `x-amz-` header that was not signed, this one takes metadata and a redirect's location, which would be
the uploader's own to see, and are gone with the raw photo.
"""

import ssl
from collections.abc import Callable, Iterator
from time import time
from typing import Any, NamedTuple

import httpx
import pytest
import time_machine

from local.demo import PHOTO
from operations.client import VeilClient
from tests.e2e.world import World

pytestmark = pytest.mark.cloud

COLLINS = PHOTO.read_bytes()
REFUSED = range(400, 500)


class Put(NamedTuple):
    """A request; with nothing changed it is the one that the app was told to make."""

    url: httpx.URL
    headers: dict[str, str]
    content: bytes = COLLINS
    method: str = "PUT"

    def with_query(self, **changes: str | None) -> "Put":
        """``X_Amz_Date`` is ``X-Amz-Date``; None takes one away."""
        query = {**self.url.params, **{name.replace("_", "-"): value for name, value in changes.items()}}
        return self._replace(url=self.url.copy_with(params={k: v for k, v in query.items() if v is not None}))

    def with_headers(self, **changes: str | None) -> "Put":
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in changes.items()}}
        return self._replace(headers={name: value for name, value in headers.items() if value is not None})

    def at(self, old: str, new: str) -> "Put":
        return self._replace(url=httpx.URL(str(self.url).replace(old, new)))

    def send(self) -> httpx.Response:
        return httpx.request(self.method, self.url, headers=self.headers, content=self.content, trust_env=False)


type Change = Callable[[Put], Put]

FLIPPED = bytes([COLLINS[0] ^ 1]) + COLLINS[1:]
OTHER_CHECKSUM = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

PUTS: dict[str, Change] = {
    "another type": lambda put: put.with_headers(Content_Type="text/html"),
    "no type": lambda put: put.with_headers(Content_Type=None),
    "a type with a parameter": lambda put: put.with_headers(Content_Type="image/jpeg; charset=utf-8"),
    "a byte more": lambda put: put.with_headers(Content_Length=str(len(COLLINS) + 1))._replace(content=COLLINS + b"x"),
    "a byte less": lambda put: put.with_headers(Content_Length=str(len(COLLINS) - 1))._replace(content=COLLINS[:-1]),
    "nothing": lambda put: put.with_headers(Content_Length="0")._replace(content=b""),
    "another byte": lambda put: put._replace(content=FLIPPED),
    "another checksum": lambda put: put.with_headers(**{"x_amz_checksum_sha256": OTHER_CHECKSUM}),
    "no checksum": lambda put: put.with_headers(x_amz_checksum_sha256=None),
    "another key": lambda put: put.at("?", "x?"),
    "another folder": lambda put: put.at("/incoming/", "/results/"),
    "another folder, by dots": lambda put: put.at("/incoming/", "/incoming/%2e%2e/results/"),
    "another bucket": lambda put: put._replace(url=put.url.copy_with(path="/another" + put.url.path)),
    "another user's folder": lambda put: put.at("/incoming/", "/incoming/Ym9i"),
    "good for a week": lambda put: put.with_query(X_Amz_Expires="604800"),
    "good for ever": lambda put: put.with_query(X_Amz_Expires=None),
    "a later date": lambda put: put.with_query(X_Amz_Date="20991123T000000Z"),
    "no date": lambda put: put.with_query(X_Amz_Date=None),
    "another signature": lambda put: put.with_query(X_Amz_Signature="0" * 64),
    "no signature": lambda put: put.with_query(X_Amz_Signature=None),
    "another region": lambda put: put.with_query(
        X_Amz_Credential=put.url.params["X-Amz-Credential"].replace("ap-northeast-2", "us-east-1")
    ),
    "another key id": lambda put: put.with_query(X_Amz_Credential="AKIA" + put.url.params["X-Amz-Credential"]),
    "fewer headers signed": lambda put: put.with_query(X_Amz_SignedHeaders="host"),
    "another algorithm": lambda put: put.with_query(X_Amz_Algorithm="none"),
    "no query": lambda put: put._replace(url=put.url.copy_with(query=None)),
    "a query more": lambda put: put.with_query(x="1"),
    "its access list": lambda put: put.with_query(acl=""),
    "its tags": lambda put: put.with_query(tagging=""),
    "open to everybody": lambda put: put.with_headers(x_amz_acl="public-read"),
    "a copy of another object": lambda put: put.with_headers(x_amz_copy_source="/veil/inputs/x"),
    "another host": lambda put: put.with_headers(host="evil.example"),
    "to be read": lambda put: put._replace(method="GET", content=b"", headers={}),
    "to be deleted": lambda put: put._replace(method="DELETE", content=b"", headers={}),
    "to be posted": lambda put: put._replace(method="POST"),
}


@pytest.fixture
def put(alice: VeilClient) -> Put:
    """What the app was told to do."""
    upload = alice.ask_upload(COLLINS, "image/jpeg")
    return Put(httpx.URL(upload["url"]), upload["headers"])


@pytest.mark.parametrize("case", PUTS)
def test_a_changed_upload_is_refused(alice: VeilClient, world: World, put: Put, case: str) -> None:
    answer = PUTS[case](put).send()
    assert answer.status_code in REFUSED, answer.text
    upload_id = put.url.path.rpartition("/")[2]
    assert [key for key in world.objects("") if upload_id in key] == []
    assert alice.get(f"/uploads/{upload_id}")["status"] == "pending"


@pytest.mark.parametrize("case", ["a byte more", "a byte less", "nothing"])
def test_the_length_is_signed_without_a_checksum_too(alice: VeilClient, case: str) -> None:
    upload = alice.post("/uploads", {"content_type": "image/jpeg", "size": len(COLLINS)})
    assert "x-amz-checksum-sha256" not in upload["headers"]
    assert PUTS[case](Put(httpx.URL(upload["url"]), upload["headers"])).send().status_code == 403
    assert alice.get(f"/uploads/{upload['upload_id']}")["status"] == "pending"


def test_the_upload_itself_is_taken(put: Put) -> None:
    """The other side of that table."""
    assert put.send().status_code == 200


class Seen(NamedTuple):
    """A portrait's URL, as the gallery showed it."""

    url: httpx.URL

    def ask(self, method: str = "GET", url: httpx.URL | None = None, **given: Any) -> httpx.Response:
        return httpx.request(method, self.url if url is None else url, trust_env=False, **given)

    def with_query(self, **changes: str) -> httpx.URL:
        return self.url.copy_merge_params({name.replace("_", "-"): value for name, value in changes.items()})

    def at(self, old: str, new: str) -> httpx.URL:
        return httpx.URL(str(self.url).replace(old, new))


GETS: dict[str, Callable[[Seen], httpx.Response]] = {
    "another image": lambda seen: seen.ask(url=seen.at("/0?", "/1?")),
    "the folder": lambda seen: seen.ask(url=seen.at("/0?", "/?")),
    "no signature": lambda seen: seen.ask(url=seen.url.copy_with(query=None)),
    "another signature": lambda seen: seen.ask(url=seen.with_query(Signature="0" * 96)),
    "good for a week": lambda seen: seen.ask(url=seen.with_query(Expires="4102444800")),
    "another key": lambda seen: seen.ask(url=seen.with_query(Key_Pair_Id="K2ANOTHER")),
    "another hash": lambda seen: seen.ask(url=seen.with_query(Hash_Algorithm="SHA1")),
    "to be saved under a name": lambda seen: seen.ask(url=seen.with_query(download="virus.exe")),
    "to be replaced": lambda seen: seen.ask("PUT", content=b"x"),
    "to be deleted": lambda seen: seen.ask("DELETE"),
    "to be posted": lambda seen: seen.ask("POST", content=b"x"),
}


@pytest.fixture(scope="module")
def portrait(running: Any) -> Iterator[Seen]:
    """One finished image; nothing here may change it."""
    with VeilClient.signed_in(running.api_url, running.token_url, "hostile-portrait") as client:
        client.agree()
        upload = client.ask_upload(COLLINS, "image/jpeg")
        client.put_photo(upload, COLLINS)
        assert client.wait_for_upload(upload["upload_id"])["status"] == "ready"
        done = client.wait_for_generation(client.generate(upload["upload_id"], "classic")["id"])
        yield Seen(httpx.URL(done["images"][0]["url"]))


@pytest.mark.parametrize("case", GETS)
def test_a_changed_download_is_refused(portrait: Seen, case: str) -> None:
    before = portrait.ask()
    assert (before.status_code, before.headers["content-type"].split("/")[0]) == (200, "image")
    answer = GETS[case](portrait)
    assert answer.status_code in REFUSED, answer.text
    assert not answer.headers.get("content-type", "").startswith("image/")
    assert portrait.ask().content == before.content


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (301, 403), (86_400, 403)])
def test_a_url_of_another_day(portrait: Seen, world: World, age: int, status: int) -> None:
    """Signed for the 5 minutes of an upload's URL, by the cloud's own user, so many seconds ago."""
    bucket, key = world.running.bucket, portrait.url.path.lstrip("/")
    with time_machine.travel(time() - age, tick=False):
        url = world.s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=300)
    trust = ssl.create_default_context(cafile=world.running.aws.ca_bundle)
    assert httpx.get(url, verify=trust, trust_env=False).status_code == status
