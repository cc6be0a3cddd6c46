"""One photo in, four private portraits out, as an app would go about it."""

from decimal import Decimal
from io import BytesIO

import httpx
from PIL import Image

from operations.client import VeilClient
from tests.e2e.world import World, subject
from veil.domain.uploads import user_folder


def test_one_photo_in_four_private_portraits_out(alice: VeilClient, ready: str, world: World) -> None:
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}
    answer = alice.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    assert answer.status_code == 202
    started = answer.json()
    assert answer.headers["location"] == f"/generations/{started['id']}"
    assert started["status"] == "processing"
    assert started["credits"] == {"reserved": 4, "captured": 0, "refunded": 0}
    done = alice.wait_for_generation(started["id"])
    assert done["status"] == "completed"
    assert done["credits"] == {"reserved": 4, "captured": 4, "refunded": 0}
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}
    entries = alice.get("/credits/entries")["items"]
    assert [(entry["kind"], entry["amount"]) for entry in entries] == [("reserve", -4), ("grant", 8)]
    portraits = [alice.download(image["url"])[0] for image in done["images"]]
    assert len(set(portraits)) == 4
    for portrait, image in zip(portraits, done["images"], strict=True):
        with Image.open(BytesIO(portrait)) as opened:
            assert opened.size == (image["width"], image["height"])
    assert world.item(done)["cost"] == Decimal("0.16")


def test_every_url_of_every_answer_opens(alice: VeilClient, ready: str) -> None:
    """A URL may do what the role may whose function signed it, and each of these routes has a function of its own."""
    key = {"idempotency-key": "one"}
    body = {"upload_id": ready, "style": "classic"}
    done = alice.wait_for_generation(alice.post("/generations", body, key)["id"])
    path = f"/generations/{done['id']}"
    replayed = alice.post("/generations", body, key)
    chosen = alice.api.put(f"{path}/selection", json={"image": 0}).json()
    (listed,) = alice.get("/generations")["items"]
    for answer in (done, replayed, chosen, listed, alice.get(path)):
        urls = [image["url"] for image in answer["images"]]
        assert [httpx.get(url, trust_env=False).status_code for url in urls] == [200] * 4


def test_nothing_is_public(alice: VeilClient, ready: str, world: World) -> None:
    done = alice.wait_for_generation(alice.generate(ready, "modern")["id"])
    url = httpx.URL(done["images"][0]["url"])
    assert httpx.get(url.copy_with(query=None), trust_env=False).status_code == 403
    assert httpx.get(str(url).replace("/0?", "/1?"), trust_env=False).status_code == 403


def test_the_raw_photo_is_gone_and_the_checked_one_is_plain(alice: VeilClient, ready: str, world: World) -> None:
    folder = user_folder(subject(alice))
    assert world.objects(f"incoming/{folder}/") == []
    (key,) = world.objects(f"inputs/{folder}/")
    data = world.s3.get_object(Bucket=world.running.bucket, Key=key)["Body"].read()
    with Image.open(BytesIO(data)) as image:
        assert (image.format, dict(image.getexif()), "icc_profile" in image.info) == ("JPEG", {}, False)


def test_etag_selection_list_and_deletion(alice: VeilClient, ready: str, world: World) -> None:
    done = alice.wait_for_generation(alice.generate(ready, "vintage")["id"])
    path = f"/generations/{done['id']}"
    assert alice.api.put(f"{path}/selection", json={"image": 2}).json()["selected"] == 2
    assert alice.api.put(f"{path}/selection", json={"image": 4}).status_code == 422
    assert alice.api.delete(f"{path}/selection").status_code == 204
    assert alice.get(path)["selected"] is None
    first = alice.api.get(path)
    assert alice.api.get(path, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert [each["id"] for each in alice.get("/generations")["items"]] == [done["id"]]
    assert alice.api.delete(path).status_code == 204
    assert alice.api.get(path).status_code == 404
    assert alice.get("/generations")["items"] == []
    assert world.objects(f"results/{user_folder(subject(alice))}/") == []
    world.make_due(done)
    world.sweep()
    kept = world.item(done)  # that its credits were captured; no photo, and nothing left to do
    assert (kept["sk"], "due_at" in kept) == (f"DELETED#{done['id']}", False)
    assert alice.get("/generations")["items"] == []


def test_another_users_objects_are_not_there(alice: VeilClient, ready: str, sign_in: object) -> None:
    done = alice.wait_for_generation(alice.generate(ready, "romantic")["id"])
    bob = sign_in()  # type: ignore[operator]
    path = f"/generations/{done['id']}"
    assert bob.api.get(f"/uploads/{ready}").status_code == 404
    assert bob.api.get(path).status_code == 404
    assert bob.api.delete(path).status_code == 404
    assert bob.api.put(f"{path}/selection", json={"image": 0}).status_code == 404
    answer = bob.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")
    assert bob.get("/credits")["available"] == 8
