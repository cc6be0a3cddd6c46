"""microburst in between: what is signed arrives as it was signed, and a lost answer is lost after the deed."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.cloud.detour import LOST, create_detour
from proofs.chaos_live.fault_plan import SERVICES, aws_faults, rules

SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20261123/ap-northeast-2/s3/aws4_request"}

type Script = Callable[[aiohttp.ClientSession, list[web.Request]], Awaitable[None]]


def through_the_detour(script: Script) -> None:
    """Run ``script`` with a client of a detour, and the requests that came through."""
    came: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        came.append(request)
        await request.read()
        return web.Response(text="eleven char")

    async def run() -> None:
        upstream = web.Application()
        upstream.router.add_route("*", "/{path:.*}", answer)
        async with (
            TestServer(upstream) as far,
            TestServer(create_detour(str(far.make_url("")))) as near,
            aiohttp.ClientSession(near.make_url("/"), headers=SIGNED) as client,
        ):
            await script(client, came)

    asyncio.run(run())


def test_the_host_that_was_signed_arrives() -> None:
    async def script(client: aiohttp.ClientSession, came: list[web.Request]) -> None:
        async with client.put("/bucket/key", data=b"photo", headers={"host": "s3.signed.test"}) as answer:
            assert answer.status == 200
        assert came[0].headers["host"] == "s3.signed.test"
        assert came[0].headers["content-length"] == "5"

    through_the_detour(script)


def test_a_head_says_how_long_it_is() -> None:
    async def script(client: aiohttp.ClientSession, _: list[web.Request]) -> None:
        async with client.head("/bucket/key") as answer:
            assert answer.headers["content-length"] == "11"

    through_the_detour(script)


@pytest.mark.parametrize(("effect", "deeds"), [({"response": {"set_headers": {LOST: "1"}}}, 1), ({"reset": True}, 0)])
def test_an_answer_is_lost_after_the_deed_or_the_call_before_it(effect: dict[str, object], deeds: int) -> None:
    async def script(client: aiohttp.ClientSession, came: list[web.Request]) -> None:
        rule = [{"service": "s3", "times": 1, **effect}]
        await client.post("/_microburst/rules", json=rule)
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.post("/bucket/key", data=b"photo")  # a PUT, this client would send again by itself
        assert len(came) == deeds
        async with client.put("/bucket/key", data=b"photo") as answer:
            assert await answer.text() == "eleven char"

    through_the_detour(script)


def test_no_fault_is_without_a_service_that_takes_the_detour() -> None:
    assert {rule["service"] for rule in rules(aws_faults(0.2))} == set(SERVICES)
