"""The front door as it runs in the local cloud: a child with inherited sockets, before a TLS server that echoes."""

import asyncio
import hashlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from local.cloud.certificates import make_certificates
from local.cloud.front_door import CONCURRENT_REQUESTS, FrontDoorConfig
from local.cloud.ports import HOST, listen
from local.cloud.throttle import Limit, Limits
from local.processes import Child, clean_environment, poll

API_ID = "0a1b2c3d"
PREFIX = f"/_aws/execute-api/{API_ID}/$default"
SECONDS = 10


barriers = {
    "together": asyncio.Barrier(CONCURRENT_REQUESTS),
    "with-a-webhook": asyncio.Barrier(CONCURRENT_REQUESTS + 1),
}


class Doors(NamedTuple):
    api: int
    s3: int
    log: Path


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what came; a request with ``x-answer`` (JSON: status, headers) chooses how."""
    name = scope["path"].rpartition("/")[2]
    if name in barriers:
        async with asyncio.timeout(SECONDS / 2):
            await barriers[name].wait()
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    given = dict(scope["headers"])
    chosen = json.loads(given.get(b"x-answer", b"{}"))
    seen = {
        "method": scope["method"],
        "target": (scope["raw_path"] + b"?" * bool(scope["query_string"]) + scope["query_string"]).decode(),
        "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    headers = [(name.encode(), value.encode()) for name, value in chosen.get("headers", [])]
    await send({"type": "http.response.start", "status": chosen.get("status", 200), "headers": headers})
    silent = scope["method"] == "HEAD" or chosen.get("status") in {204, 304}
    await send({"type": "http.response.body", "body": b"" if silent else json.dumps(seen).encode()})


@contextmanager
def upstream(certificate: Path, key: Path) -> Iterator[int]:
    with listen(0) as listener:
        config = uvicorn.Config(
            echo, lifespan="off", log_level="warning", ssl_certfile=certificate, ssl_keyfile=key, date_header=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive()


@contextmanager
def front_door(folder: Path, authority: Path, port: int) -> Iterator[Doors]:
    with listen(0) as api, listen(0) as s3:
        doors = Doors(api.getsockname()[1], s3.getsockname()[1], folder / "front_door.log")
        config = FrontDoorConfig(
            upstream_port=port,
            api_id=API_ID,
            authority=authority,
            api_socket=api.fileno(),
            s3_socket=s3.fileno(),
            limits=Limits(routes={"POST /scarce/{id}": Limit(ThrottlingRateLimit=0.001, ThrottlingBurstLimit=2)}),
        )
        child = Child(
            "front door",
            [".venv/bin/python", "-m", "local.cloud.front_door", config.model_dump_json(by_alias=True)],
            env=clean_environment(),
            log=doors.log,
            pass_fds=(api.fileno(), s3.fileno()),
        )
    with child:
        yield doors


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("front_door")
    files = make_certificates(folder)
    with upstream(files.certificate, files.key) as port, front_door(folder, files.authority, port) as doors:
        yield doors


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def seen(self) -> dict[str, Any]:
        """The request as the server saw it."""
        return dict(json.loads(self.body))

    def sent(self, name: str) -> list[str]:
        return [value for key, value in self.seen["headers"] if key == name]


def ask(
    port: int, method: str, target: str, headers: list[tuple[str, str]] | None = None, body: bytes | None = None
) -> Answer:
    """One request, byte for byte as told: no header but these, and Host."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers or []:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    "target",
    [
        "/generations/01J?limit=20&cursor=a%2Bb%3D",
        "/a%2Fb%20c/d%7e;x=1",
        "/../up/./here//twice/",
        "/q?a=%2F&b=a+b&&flag&s=[1]|{2}&%zz",
        "/",
        "/%EC%82%AC%EC%A7%84",
    ],
)
def test_the_target_arrives_as_it_was_sent(doors: Doors, target: str) -> None:
    assert ask(doors.api, "GET", target).seen["target"] == PREFIX + target


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_the_method_arrives(doors: Doors, method: str) -> None:
    assert ask(doors.api, method, "/x").seen["method"] == method


def test_end_to_end_headers_arrive_and_no_others(doors: Doors) -> None:
    answer = ask(
        doors.api,
        "GET",
        "/x",
        [
            ("x-one", "1"), ("x-one", "2"), ("Authorization", "Bearer t"), ("keep-alive", "5"),
            ("connection", "x-mine"), ("x-mine", "dropped"), ("te", "trailers"), ("webhook-signature", "v1,a v1,b"),
        ],
    )  # fmt: skip
    assert sorted(map(tuple, answer.seen["headers"])) == [
        ("authorization", "Bearer t"),
        ("host", f"{HOST}:{doors.api}"),
        ("webhook-signature", "v1,a v1,b"),
        ("x-one", "1"),
        ("x-one", "2"),
    ]


def test_a_route_that_is_asked_too_much_answers_as_the_gateway_does(doors: Doors) -> None:
    answers = [ask(doors.api, "POST", f"/scarce/{number}", body=b"{}") for number in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    headers = {name.lower(): value for name, value in answers[2].headers}
    assert json.loads(answers[2].body) == {"message": "Too Many Requests"}
    assert headers["content-type"] == "application/json"
    assert headers["apigw-requestid"]
    assert "retry-after" not in headers
    assert ask(doors.api, "GET", "/scarce/0").status == 200  # another route has its own


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_the_body_arrives(doors: Doors, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"\xff" * (size % 256)
    answer = ask(doors.api, "POST", "/x", body=body)
    assert answer.seen["sha256"] == hashlib.sha256(body).hexdigest()
    assert answer.sent("content-length") == [str(size)]


def test_a_chunked_body_arrives(doors: Doors) -> None:
    chunked = b"4\r\nspam\r\n0\r\n\r\n"
    connection = http.client.HTTPConnection(HOST, doors.api, timeout=SECONDS)
    connection.putrequest("POST", "/x")
    connection.putheader("transfer-encoding", "chunked")
    connection.endheaders(chunked)
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert seen["sha256"] == hashlib.sha256(b"spam").hexdigest()


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, [("content-type", "application/problem+json")]),
        (302, [("location", "http://elsewhere.invalid/")]),
        (304, [("etag", '"abc"')]),
        (204, []),
        (429, [("retry-after", "2"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]),
    ],
)
def test_the_answer_comes_back(doors: Doors, status: int, headers: list[tuple[str, str]]) -> None:
    chosen = json.dumps({"status": status, "headers": headers})
    answer = ask(doors.api, "GET", "/x", [("x-answer", chosen)])
    framing = {"transfer-encoding", "connection", "content-length"}
    assert answer.status == status
    assert [(name, value) for name, value in answer.headers if name.lower() not in framing | {"server"}] == headers


def test_a_head_answer_has_no_body(doors: Doors) -> None:
    answer = ask(doors.api, "HEAD", "/x", [("x-answer", '{"headers": [["content-length", "12"]]}')])
    assert (answer.status, answer.body, dict(answer.headers)["content-length"]) == (200, b"", "12")


def test_the_bucket_gets_every_byte_as_it_was_signed(doors: Doors) -> None:
    target, body = "/bucket/incoming/a%20b?X-Amz-Signature=0%2F1", bytes(range(256)) * 40_000
    answer = ask(doors.s3, "PUT", target, [("Content-Type", "image/jpeg"), ("connection", "close")], body)
    assert answer.seen["target"] == target
    assert answer.sent("host") == [f"{HOST}:{doors.s3}"]
    assert answer.sent("connection") == ["close"]
    assert answer.seen["sha256"] == hashlib.sha256(body).hexdigest()


def test_one_connection_to_the_bucket_serves_many_requests(doors: Doors) -> None:
    connection = http.client.HTTPConnection(HOST, doors.s3, timeout=SECONDS)
    for number in range(3):
        connection.request("GET", f"/bucket/{number}")
        assert json.loads(connection.getresponse().read())["target"] == f"/bucket/{number}"
    connection.close()


def test_a_burst_is_served_several_at_a_time(doors: Doors) -> None:
    burst = 2 * CONCURRENT_REQUESTS  # the barrier opens twice, or the test times out
    with ThreadPoolExecutor(burst) as pool:
        answers = list(pool.map(lambda _: ask(doors.api, "GET", "/together"), range(burst)))
    assert [answer.status for answer in answers] == [200] * burst


def test_a_webhook_gets_in_though_every_place_of_the_apps_is_taken(doors: Doors) -> None:
    paths = [*["/with-a-webhook"] * CONCURRENT_REQUESTS, "/webhooks/replicate/with-a-webhook"]
    with ThreadPoolExecutor(len(paths)) as pool:
        answers = list(pool.map(lambda path: ask(doors.api, "GET", path), paths))
    assert {answer.status for answer in answers} == {200}


def test_one_who_leaves_while_sending_is_no_error(doors: Doors) -> None:
    with socket.create_connection((HOST, doors.api), SECONDS) as leaving:
        leaving.sendall(b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf")
    assert ask(doors.api, "GET", "/x").status == 200
    assert "Traceback" not in doors.log.read_text()


def test_a_cloud_that_is_gone_is_a_bad_gateway(tmp_path: Path) -> None:
    files = make_certificates(tmp_path)
    with listen(0) as gone:
        port = gone.getsockname()[1]
    with front_door(tmp_path, files.authority, port) as doors:
        answer = ask(doors.api, "GET", "/health")
        assert answer.status == 502
        assert "did not answer" in json.loads(answer.body)["message"]
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            ask(doors.s3, "GET", "/bucket")


def test_it_trusts_nobody_else(tmp_path: Path) -> None:
    ours, other = make_certificates(tmp_path / "ours"), make_certificates(tmp_path / "other")
    with upstream(other.certificate, other.key) as port, front_door(tmp_path, ours.authority, port) as doors:
        assert ask(doors.api, "GET", "/health").status == 502


def test_it_stops_when_told(tmp_path: Path) -> None:
    files = make_certificates(tmp_path)
    with upstream(files.certificate, files.key) as port:
        with front_door(tmp_path, files.authority, port) as doors:
            ask(doors.api, "GET", "/x")
        assert poll(lambda: _free(doors.api) and _free(doors.s3), SECONDS)


def _free(port: int) -> bool:
    with listen(port):
        return True
