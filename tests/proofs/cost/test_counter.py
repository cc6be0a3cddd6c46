"""The counter in between: what is signed arrives as it was signed, and each call is known for what it is."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from proofs.cost import counter
from proofs.cost.counts import Call, recognize

SIGNED = "AWS4-HMAC-SHA256 Credential=ASIA{}/20261123/ap-northeast-2/{}/aws4_request, SignedHeaders=host, Signature=0"
DESCRIPTION = {"Table": {"KeySchema": [{"AttributeName": "pk"}, {"AttributeName": "sk"}], "GlobalSecondaryIndexes": []}}


@pytest.mark.parametrize(
    ("method", "target", "headers", "call"),
    [
        ("PUT", "/b/results/u/g/0", {}, Call("s3", "PutObject", "ASIA1", prefix="results")),
        ("GET", "/b/inputs/u/1", {}, Call("s3", "GetObject", "ASIA1", prefix="inputs")),
        ("HEAD", "/b/results/u/g/0", {}, Call("s3", "HeadObject", "ASIA1", prefix="results")),
        ("POST", "/b?delete", {}, Call("s3", "DeleteObjects", "ASIA1")),
        ("GET", "/b?list-type=2&prefix=incoming", {}, Call("s3", "ListObjects", "ASIA1")),
        (
            "POST", "/", {"x-amz-target": "DynamoDB_20120810.GetItem"}, Call("dynamodb", "GetItem", "ASIA1"),
        ),
        (
            "POST", "/", {"x-amz-target": "secretsmanager.GetSecretValue"},
            Call("secretsmanager", "GetSecretValue", "ASIA1"),
        ),
    ],
)  # fmt: skip
def test_a_call_is_known_by_its_request(method: str, target: str, headers: dict[str, str], call: Call) -> None:
    path, _, query = target.partition("?")
    signed = {"authorization": SIGNED.format("1", call.service), **headers}
    assert recognize(method, path, query, signed) == call


def test_a_presigned_call_is_its_signers() -> None:
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA2%2F20261123%2Fap-northeast-2%2Fs3%2Faws4_request"
    call = recognize("GET", "/b/results/u/g/0", query, {})
    assert call == Call("s3", "GetObject", "ASIA2", presigned=True, prefix="results")


def test_a_call_that_nobody_signed_is_none() -> None:
    with pytest.raises(ValueError, match="not signed"):
        recognize("GET", "/_ministack/health", "", {})


class Upstream:
    """An S3 that keeps one object, and a DynamoDB that keeps one item, which an update makes larger."""

    def __init__(self) -> None:
        self.came: list[web.Request] = []
        self.item: dict[str, Any] = {"pk": {"S": "u"}, "sk": {"S": "g"}, "x": {"S": "." * 1000}}

    async def answer(self, request: web.Request) -> web.Response:
        await request.read()
        operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
        if not operation:
            self.came.append(request)
            return web.Response(text="eleven char", headers={"etag": '"1"'})
        if operation == "UpdateItem":
            self.item = {**self.item, "x": {"S": "." * 1500}}
        told = {"DescribeTable": DESCRIPTION, "GetItem": {"Item": self.item}}.get(operation, {})
        return web.json_response(told, content_type="application/x-amz-json-1.0")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a script with a client of a counter, and what stands behind it; answers what was counted."""
    for name, value in {"AWS_ACCESS_KEY_ID": "root", "AWS_SECRET_ACCESS_KEY": "root", "AWS_REGION": "local"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "local")
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)

    def run(script: Any) -> list[dict[str, Any]]:
        async def go() -> list[dict[str, Any]]:
            behind, upstream = Upstream(), web.Application()
            upstream.router.add_route("*", "/{path:.*}", behind.answer)
            async with TestServer(upstream) as far:
                app = counter.create_counter(str(far.make_url("")).rstrip("/"))
                async with TestServer(app) as near, aiohttp.ClientSession(near.make_url("/")) as client:
                    await script(client, behind)
                    async with client.delete(counter.COUNTER) as shown, client.get(counter.COUNTER) as after:
                        assert await after.json() == []
                        told: list[dict[str, Any]] = await shown.json()
                        return told

        return asyncio.run(go())

    return run


def test_what_was_signed_arrives_and_its_bytes_are_counted(counted: Any) -> None:
    async def script(client: aiohttp.ClientSession, behind: Upstream) -> None:
        headers = {"authorization": SIGNED.format("1", "s3"), "host": "s3.signed.test"}
        async with client.put("/b/results/a%20b?x=%2B", data=b"photo", headers=headers) as answer:
            assert (await answer.text(), answer.headers["etag"]) == ("eleven char", '"1"')
        async with client.head("/b/results/a", headers=headers) as answer:
            assert answer.headers["content-length"] == "11"
        assert [request.headers["host"] for request in behind.came] == ["s3.signed.test"] * 2
        assert behind.came[0].raw_path == "/b/results/a%20b?x=%2B"

    put, head = counted(script)
    assert (put["operation"], put["bytes_in"], put["bytes_out"]) == ("PutObject", 5, 11)
    assert (head["operation"], head["bytes_out"]) == ("HeadObject", 0)


def test_a_write_is_priced_by_the_item_before_and_after_it(counted: Any) -> None:
    async def script(client: aiohttp.ClientSession, _: Upstream) -> None:
        for operation in ("UpdateItem", "GetItem"):
            headers = {
                "authorization": SIGNED.format("1", "dynamodb"),
                "x-amz-target": f"DynamoDB_20120810.{operation}",
            }
            asked = {"TableName": "t", "Key": {"pk": {"S": "u"}, "sk": {"S": "g"}}}
            async with client.post("/", json=asked, headers=headers) as answer:
                assert answer.status == 200

    update, get = counted(script)
    assert (update["write_units"], update["read_units"]) == (2, 0)
    assert (get["write_units"], get["read_units"]) == (0, 0.5)


def test_a_health_check_is_no_call(counted: Any) -> None:
    async def script(client: aiohttp.ClientSession, behind: Upstream) -> None:
        async with client.get("/_ministack/health") as answer:
            assert answer.status == 200
        assert len(behind.came) == 1

    assert counted(script) == []
