"""The edge of the deployed cloud: who sees an image and for how long, what is served at which path, and how."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import time
from typing import Any

import httpx
import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.cloud.options import STAGE
from local.cloud.running import RunningCloud
from operations.client import VeilClient
from operations.publish import PAGES
from tests.e2e.world import World, subject, until

MINUTE = 60
GONE_SECONDS = 30  # within a minute, which an edge would keep it without being told
STRICT = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")


@pytest.fixture
def edge(running: RunningCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.web_url, trust_env=False, timeout=35) as client:
        yield client


@pytest.fixture
def image(alice: VeilClient, ready: str) -> dict[str, Any]:
    """One of alice's."""
    generation = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    shown: dict[str, Any] = alice.get(f"/generations/{generation['id']}")["images"][0]
    return {**shown, "generation": generation["id"]}


type Sign = Callable[..., str]


@pytest.fixture
def sign(running: RunningCloud) -> Sign:
    """Sign a path with the deployed key, or another one under its id; not by our own code."""
    stored = running.client("secretsmanager").get_secret_value(SecretId=f"veil-{STAGE}/delivery-key")["SecretString"]
    secret = json.loads(stored)
    deployed = load_pem_private_key(secret["pem"].encode(), None)
    assert isinstance(deployed, ec.EllipticCurvePrivateKey)

    def signed(path: str, *, seconds: float = MINUTE, key: ec.EllipticCurvePrivateKey = deployed) -> str:
        signer = CloudFrontSigner(secret["key_id"], lambda text: key.sign(text, ec.ECDSA(hashes.SHA256())))
        until = datetime.fromtimestamp(time() + seconds, UTC)
        return f"{signer.generate_presigned_url(running.web_url + path, until)}&Hash-Algorithm=SHA256"

    return signed


def path_of(image: dict[str, Any]) -> str:
    return httpx.URL(image["url"]).raw_path.decode().partition("?")[0]


def test_an_image_is_shown_to_whoever_has_its_url(
    edge: httpx.Client, image: dict[str, Any], running: RunningCloud
) -> None:
    url = image["url"]
    assert url.startswith(f"{running.web_url}/results/")
    shown = edge.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, max-age=60"
    assert shown.headers["x-content-type-options"] == "nosniff"
    head = edge.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(shown.content))
    part = edge.get(url, headers={"range": "bytes=0-2"})
    assert (part.status_code, part.content) == (206, shown.content[:3])
    assert edge.get(url, headers={"if-none-match": shown.headers["etag"]}).status_code == 304
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        assert edge.request(method, url).status_code == 403


def test_and_to_nobody_else(edge: httpx.Client, image: dict[str, Any], sign: Sign) -> None:
    path, other = path_of(image), ec.generate_private_key(ec.SECP256R1())
    assert edge.get(sign(path)).status_code == 200
    signature = sign(path).partition("?")[2]
    refused = {
        "MissingKey": [path, path.replace("results", "%72esults"), f"{path}?Expires=1&Signature=x"],
        "InvalidKey": [sign(path).replace("Key-Pair-Id=", "Key-Pair-Id=K")],
        "AccessDenied": [
            sign(path, key=other),
            sign(path, seconds=-1),
            f"{path[:-1]}1?{signature}",
            sign(path).replace("&Hash-Algorithm=SHA256", ""),
            sign(path) + "&download=x.jpg",
        ],
    }
    for code, urls in refused.items():
        for url in urls:
            answer = edge.get(url)
            assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (403, True), url


def test_a_good_signature_opens_no_photo(
    edge: httpx.Client, image: dict[str, Any], alice: VeilClient, sign: Sign, world: World
) -> None:
    for prefix in ("inputs", "incoming"):
        world.s3.put_object(Bucket=world.running.bucket, Key=f"{prefix}/{subject(alice)}/x.jpg", Body=b"a face")
    (photo, *_) = world.objects("inputs/")
    for path in (f"/{photo}", f"/results/../{photo}", f"/results/..%2F{photo}", f"/results//{photo}", "/results/"):
        target = sign(path).removeprefix(world.running.web_url)  # a URL would be normalized
        answer = edge.get("/", extensions={"target": target.encode()})
        assert answer.status_code == 403, path
        assert b"a face" not in answer.content


def test_the_bucket_shows_images_to_those_few_that_need_them(
    running: RunningCloud, image: dict[str, Any], world: World
) -> None:
    key = path_of(image)[1:]
    url = f"{running.aws.endpoint_url}/{running.bucket}/{key}"
    assert httpx.get(url, verify=False, trust_env=False).status_code == 403
    policy = json.loads(world.s3.get_bucket_policy(Bucket=running.bucket)["Policy"])
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert [(one["Principal"], one["Action"]) for one in allowed] == [
        ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    ]


def test_an_image_that_was_deleted_is_soon_gone_from_the_edge(
    edge: httpx.Client, alice: VeilClient, image: dict[str, Any]
) -> None:
    url = image["url"]
    assert edge.get(url).status_code == 200
    assert edge.get(url).headers["x-cache"] == "Hit from cloudfront"
    assert alice.api.delete(f"/generations/{image['generation']}").status_code == 204
    until(lambda: edge.get(url).status_code == 403, GONE_SECONDS)


def test_only_an_invalidation_or_time_takes_it_from_there(
    edge: httpx.Client, image: dict[str, Any], world: World
) -> None:
    """That the edge does keep it is what makes the test above one of the invalidation."""
    url = image["url"]
    assert edge.get(url).status_code == 200
    world.s3.delete_object(Bucket=world.running.bucket, Key=path_of(image)[1:])
    assert edge.get(url).status_code == 200
    batch = {"Paths": {"Quantity": 1, "Items": [path_of(image)]}, "CallerReference": url}
    cloudfront = world.running.client("cloudfront")
    cloudfront.create_invalidation(DistributionId=world.running.site.distribution, InvalidationBatch=batch)
    until(lambda: edge.get(url).status_code == 403, GONE_SECONDS)


@pytest.mark.parametrize("path", ["/", "/history", "/generations/01J/2", "/signed-in?code=x&state=y"])
def test_every_address_of_the_web_client_is_its_page(edge: httpx.Client, path: str) -> None:
    page = edge.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<div id="app">' in page.text
    assert page.headers["cache-control"] == "no-cache"
    policy = page.headers["content-security-policy"].split("; ")
    assert set(STRICT) <= set(policy)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert page.headers["referrer-policy"]


@pytest.mark.parametrize("path", ["/assets/none.js", "/none.json", "/samples/none.jpg"])
def test_a_file_that_is_missing_is_no_page(edge: httpx.Client, path: str) -> None:
    answer = edge.get(path)
    assert (answer.status_code, '<div id="app">' in answer.text) == (403, False)


def test_what_the_pages_load_is_there_for_ever(edge: httpx.Client) -> None:
    page = edge.get("/").text
    assets = [each.partition('"')[0] for each in page.split('="/assets/')[1:]]
    assert assets
    for name in assets:
        asset = edge.get(f"/assets/{name}")
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_config_tells_the_page_where_it_is(edge: httpx.Client, running: RunningCloud) -> None:
    told = edge.get("/config.json")
    assert told.headers["cache-control"] == "no-cache"
    assert told.json() == {**running.site.config, "version": told.json()["version"]}
    assert told.json()["toss_script"] == f"{running.providers_url}/toss/v2/standard"


def test_the_api_is_the_same_on_both_hosts(edge: httpx.Client, alice: VeilClient, running: RunningCloud) -> None:
    headers = {"authorization": alice.api.headers["authorization"], "accept-language": "ko"}
    for method, path in (
        ("GET", "/openapi.json"),
        ("GET", "/styles"),
        ("GET", "/credits"),
        ("GET", "/generations?limit=2"),
        ("GET", "/generations/none%2Fsuch"),
        ("GET", "/nowhere?a=%2F&b=a+b"),
        ("PUT", "/credits"),
    ):
        direct = alice.api.request(method, path, headers=headers)
        through = edge.request(method, f"/api{path}", headers=headers)
        assert through.status_code == direct.status_code, path
        for name in ("content-type", "cache-control", "etag", "retry-after"):
            assert through.headers.get(name) == direct.headers.get(name), (path, name)
        assert _without_id(through.content) == _without_id(direct.content)
        assert through.headers["x-request-id"]
        assert through.headers["content-security-policy"].startswith("default-src 'none'")
    unchanged = edge.get("/api/styles", headers={"if-none-match": edge.get("/api/styles").headers["etag"]})
    assert unchanged.status_code == 304
    assert edge.get("/api/credits").status_code == 401


def _without_id(body: bytes) -> Any:
    """The body, of a problem without the number of the request."""
    try:
        told = json.loads(body)
    except ValueError:
        return body
    return {name: value for name, value in told.items() if name != "request_id"} if "request_id" in told else body


def test_a_photo_and_its_images_through_the_edge_alone(edge: httpx.Client, running: RunningCloud) -> None:
    """As the web client does it: bodies, keys and answers pass unchanged."""
    with VeilClient.signed_in(f"{running.web_url}/api", running.token_url, "at-the-edge") as client:
        client.agree()
        body = {"content_type": "image/jpeg", "size": 1000}
        upload = client.post("/uploads", body)
        assert httpx.URL(upload["url"]).host == "127.0.0.1"
        refused = client.api.post("/uploads", json={**body, "size": "한"})
        assert refused.status_code == 422
        assert client.get(f"/uploads/{upload['upload_id']}")["status"] == "pending"


def test_the_page_of_the_api(edge: httpx.Client) -> None:
    for path in ("/docs", "/docs/", "/docs.html", "/docs/x"):
        page = edge.get(path)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<main id="docs">' in page.text
        policy = page.headers["content-security-policy"]
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert "script-src 'self';" in policy
        assert "<script>" not in page.text
    script = edge.get("/assets/" + page.text.split('src="/assets/')[1].partition('"')[0]).text
    bundle = edge.get("/assets/redoc" + script.split("/assets/redoc")[1].partition(".js")[0] + ".js")
    assert bundle.status_code == 200
    assert "cdn.redoc.ly" not in bundle.text
    assert edge.get("/api/openapi.json").json()["openapi"].startswith("3.")


def test_each_page_has_its_path(edge: httpx.Client) -> None:
    for key, path in PAGES.items():
        assert (edge.get(path).status_code, edge.get(path).text) == (200, edge.get(f"/{key}").text)


@pytest.fixture
def rotate(running: RunningCloud) -> Iterator[Callable[[int], None]]:
    """Ask for a number of the key as CloudFormation does."""
    answers: list[dict[str, Any]] = []

    class Stack(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    server = HTTPServer(("127.0.0.1", 0), Stack)
    listening = Thread(target=server.serve_forever)
    listening.start()
    functions = running.client("lambda")

    def ask(number: int) -> None:
        event = {
            "RequestType": "Update",
            "ResponseURL": f"http://127.0.0.1:{server.server_port}/",
            "PhysicalResourceId": _key_group(running),
            "ResourceProperties": {"Number": str(number)},
            **dict.fromkeys(("StackId", "RequestId", "LogicalResourceId"), "test"),
        }
        answer = functions.invoke(FunctionName=running.functions["keys"], Payload=json.dumps(event).encode())
        assert "FunctionError" not in answer, answer["Payload"].read()
        assert answers[-1]["Status"] == "SUCCESS", answers[-1]
        assert answers[-1]["PhysicalResourceId"] == event["PhysicalResourceId"]

    yield ask
    server.shutdown()
    listening.join()
    server.server_close()


def _start_anew(running: RunningCloud) -> None:
    """Those that sign, which remember a key for five minutes: two rotations on AWS are further apart."""
    functions = running.client("lambda")
    for name in ("gallery", "generations"):
        function = running.functions[name]
        same = functions.get_function_configuration(FunctionName=function)["Environment"]
        functions.update_function_configuration(FunctionName=function, Environment=same)


def _key_group(running: RunningCloud) -> str:
    config = running.client("cloudfront").get_distribution_config(Id=running.site.distribution)["DistributionConfig"]
    (images,) = [one for one in config["CacheBehaviors"]["Items"] if one["PathPattern"] == "/results/*"]
    (group,) = images["TrustedKeyGroups"]["Items"]
    return str(group)


def test_a_url_outlives_one_rotation_and_not_two(
    edge: httpx.Client, image: dict[str, Any], rotate: Callable[[int], None], alice: VeilClient, running: RunningCloud
) -> None:
    before = image["url"]
    rotate(2)
    assert edge.get(before).status_code == 200
    rotate(2)
    assert edge.get(before).status_code == 200
    try:
        rotate(3)
        until(lambda: edge.get(before).status_code == 403, GONE_SECONDS)
        assert "Unknown Key" in edge.get(before).text
    finally:
        _start_anew(running)
    shown = alice.get(f"/generations/{image['generation']}")["images"][0]
    assert edge.get(shown["url"]).status_code == 200
