"""The doors of the local cloud, opened: their processes, and a first request through each."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from socket import socket
from typing import Any

import httpx

from local.cloud.aws import Aws
from local.cloud.children import Children
from local.cloud.edge import EdgeConfig
from local.cloud.front_door import FrontDoorConfig
from local.cloud.options import STAGE, Addresses
from local.cloud.ports import listen
from local.cloud.running import RunningCloud
from local.cloud.throttle import Limits
from local.processes import Child, LocalError

NAMES = ("api", "s3", "web")
READY_SECONDS = 30
REQUEST_SECONDS = 35  # past the 30 s of API Gateway


@dataclass(frozen=True)
class Doors:
    """``listeners``: the sockets, which are taken from the start, so that no other process gets a door's port."""

    listeners: Mapping[str, socket]
    addresses: Addresses
    aws: Aws

    @classmethod
    def taken(cls, stack: ExitStack, ports: Mapping[str, int], host: str, addresses: Addresses, aws: Aws) -> "Doors":
        """Take the ports; raises `LocalError` where one is not free."""
        return cls({name: stack.enter_context(listen(ports[name], host)) for name in NAMES}, addresses, aws)

    def open(
        self, children: Children, outputs: Mapping[str, str], running: RunningCloud, presigned_port: int | None
    ) -> None:
        """Open all, to the stack that has these ``outputs``; raises `LocalError` where one does not lead there."""
        template = running.client("cloudformation").get_template(StackName=f"veil-{STAGE}")["TemplateBody"]
        limits = Limits.of_template(template)
        front = self._front_door(children, outputs, presigned_port, limits)
        edge = self._edge(children, outputs)
        for listener in self.listeners.values():
            listener.close()  # the children have them now
        front.wait_until(lambda: status_of(f"{running.api_url}/health") is not None, READY_SECONDS)
        edge.wait_until(lambda: status_of(f"{running.web_url}/api/health") is not None, READY_SECONDS)
        for name, status, expected in _first_requests(running, self.addresses.s3):
            if status != expected:
                raise LocalError(f"{name} answered {status}, not {expected}; the logs: {edge.log.parent}")

    def _front_door(
        self, children: Children, outputs: Mapping[str, str], presigned_port: int | None, limits: Limits
    ) -> Child:
        api, s3 = (self.listeners[name].fileno() for name in ("api", "s3"))
        config = FrontDoorConfig(
            upstream_port=_port(self.addresses.aws),
            presigned_port=presigned_port,
            api_id=outputs["ApiId"],
            authority=self.aws.certificates.authority,
            api_socket=api,
            s3_socket=s3,
            limits=limits,
        )
        return children.start("local.cloud.front_door", config.model_dump_json(by_alias=True), pass_fds=(api, s3))

    def _edge(self, children: Children, outputs: Mapping[str, str]) -> Child:
        web = self.listeners["web"].fileno()
        config = EdgeConfig(
            upstream=self.addresses.aws,
            domain=outputs["DistributionDomain"],
            distribution_id=outputs["DistributionId"],
            origin=outputs["WebUrl"],
            authority=self.aws.certificates.authority,
            socket=web,
        )
        return children.start(
            "local.cloud.edge", config.model_dump_json(), pass_fds=(web,), environment=self.aws.environment
        )


def status_of(url: str, **request: Any) -> int | None:
    """The status that ``url`` answers with; None where nothing answers."""
    try:
        return httpx.get(url, trust_env=False, timeout=REQUEST_SECONDS, **request).status_code
    except httpx.TransportError:
        return None


def _first_requests(running: RunningCloud, s3_url: str) -> Iterator[tuple[str, int | None, int]]:
    """One request through every door: its name, its status, and the status that it must have."""
    answer = httpx.post(running.token_url, json={"sub": "nobody"}, trust_env=False, timeout=REQUEST_SECONDS)
    signed_in = {"authorization": f"Bearer {answer.json()['access_token']}"}
    yield "GET /health", status_of(f"{running.api_url}/health"), 200
    yield "GET /generations without a token", status_of(f"{running.api_url}/generations"), 401
    yield "GET /generations", status_of(f"{running.api_url}/generations", headers=signed_in), 200
    yield "GET /api/health at the edge", status_of(f"{running.web_url}/api/health"), 200
    yield "an image at the edge, without a signature,", status_of(f"{running.web_url}/results/none"), 403
    yield "the bucket, without a signature,", status_of(f"{s3_url}/{running.bucket}"), 403


def _port(url: str) -> int:
    port = httpx.URL(url).port
    assert port is not None  # noqa: S101  every address of a local cloud has one
    return port
