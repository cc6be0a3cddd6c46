"""Start the local cloud: the stand-ins, the local AWS, the real stack deployed into it, and the front door."""

import fcntl
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import httpx

from infra.names import deployed_functions
from local.cloud.aws import Aws, start_aws, wait_for_aws
from local.cloud.certificates import make_certificates
from local.cloud.deploy import Deployment
from local.cloud.front_door import FrontDoorConfig
from local.cloud.function_logs import save_function_logs
from local.cloud.options import AUDIENCE, STAGE, WEB_CLIENT, Addresses, Options
from local.cloud.ports import listen, remembered_ports
from local.cloud.running import RunningCloud
from local.processes import Child, LocalError, clean_environment
from operations.progress import Progress

PORTS = ("aws", "detour", "providers", "api", "s3")
READY_SECONDS = 30
REQUEST_SECONDS = 35  # past the 30 s of API Gateway


@contextmanager
def cloud(options: Options, progress: Progress | None = None) -> Iterator[RunningCloud]:
    """The whole local cloud, answering, for as long as the block runs; raise `LocalError` if it can't be had."""
    with ExitStack() as stack:
        running, _ = start(options, stack, progress or Progress())
        yield running


def start(options: Options, stack: ExitStack, progress: Progress) -> tuple[RunningCloud, list[Child]]:
    """Start all of it; answer its description and its processes, which ``stack`` stops."""
    stack.enter_context(_only_one(options.state))
    made = _Making(options, stack)
    with progress.step("the local AWS and the providers' stand-ins"):
        made.start_servers()
    with progress.step("bootstrap, and synthesize the stack" if made.synth else "bootstrap"):
        made.prepare()
    with progress.step("deploy the stack"):
        running = made.deploy()
    stack.callback(save_function_logs, running, options.state / "logs" / "functions")
    with progress.step("the front door, and a first request"):
        made.open_front_door(running)
    stack.callback(running.write(options.state).unlink, missing_ok=True)
    return running, made.children


class _Making:
    """The steps of one start, in order; each leaves what it started to ``stack``."""

    def __init__(self, options: Options, stack: ExitStack) -> None:
        self._options, self._stack = options, stack
        self.children: list[Child] = []
        state = options.state
        self._logs, self._scratch = state / "logs", state / "scratch"
        ports = remembered_ports(state / "ports.json", PORTS)
        if options.port is not None:
            ports["api"] = options.port
        self._ports, self._addresses = ports, Addresses.at(ports, options.host)
        self._doors: dict[str, socket] = {
            name: stack.enter_context(listen(ports[name], options.host)) for name in ("api", "s3")
        }
        for folder in (state / "tls", self._scratch):
            shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
            folder.mkdir(mode=0o700)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self._aws = Aws.at(self._addresses.aws, make_certificates(state / "tls"))
        self._deployment = Deployment(self._aws, options.context(self._addresses), state)
        self.synth = None if self._deployment.fresh else stack.enter_context(self._deployment.start_synth())

    def start_servers(self) -> None:
        detour = dict.fromkeys(self._options.detour, self._addresses.detour)
        log, beside = self._logs / "aws.log", self._options.functions_environment
        aws = start_aws(self._aws, self._ports["aws"], self._scratch, log, endpoints=detour, beside=beside)
        self._keep(aws)
        providers = self._start_module("local.stand_ins", self._config())
        wait_for_aws(aws, self._aws)
        if detour:
            self._open_detour()
        providers.wait_until(lambda: _status(f"{self._addresses.providers}/_health") == 200, READY_SECONDS)

    def prepare(self) -> None:
        with self._deployment.start_bootstrap() as bootstrap:
            if self.synth:
                self._deployment.finish_synth(self.synth)
            bootstrap.wait(READY_SECONDS * 4)

    def deploy(self) -> RunningCloud:
        outputs = self._deployment.deploy()
        self._api_id = outputs["ApiId"]
        running = RunningCloud(
            api_url=self._addresses.api,
            token_url=f"{self._addresses.providers}/oidc/token",
            providers_url=self._addresses.providers,
            aws=self._aws.access,
            table=outputs["TableName"],
            bucket=outputs["BucketName"],
            functions=deployed_functions(outputs),
            detour_url=self._addresses.detour if self._options.detour else None,
        )
        store = running.client("secretsmanager")
        for name, value in self._options.secret_values().items():
            store.put_secret_value(SecretId=f"veil-{STAGE}/{name}", SecretString=value)
        return running

    def open_front_door(self, running: RunningCloud) -> None:
        numbers = {name: door.fileno() for name, door in self._doors.items()}
        config = FrontDoorConfig(
            upstream_port=self._ports["aws"],
            presigned_port=self._ports["detour"] if self._options.detour_presigned else None,
            api_id=self._api_id,
            authority=self._aws.certificates.authority,
            api_socket=numbers["api"],
            s3_socket=numbers["s3"],
        )
        door = self._start_module("local.cloud.front_door", config.model_dump_json(), pass_fds=tuple(numbers.values()))
        for listener in self._doors.values():
            listener.close()  # the child has them now
        door.wait_until(lambda: _status(f"{running.api_url}/health") is not None, READY_SECONDS)
        for name, status, expected in _first_requests(running, self._addresses.s3):
            if status != expected:
                raise LocalError(f"{name} answered {status}, not {expected}; the logs: {self._logs}")

    def _open_detour(self) -> None:
        files = self._aws.certificates
        where = (self._ports["detour"], self._addresses.aws, files.certificate, files.key)
        detour = self._start_module(self._options.detour_by, *where, environment=self._aws.environment)
        trust = files.context()
        health = f"{self._addresses.detour}/_ministack/health"
        detour.wait_until(lambda: _status(health, verify=trust) == 200, READY_SECONDS)

    def _start_module(
        self,
        module: str,
        *arguments: object,
        pass_fds: tuple[int, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        command = [sys.executable, "-m", module, *arguments]
        log = self._logs / f"{module.rpartition('.')[2]}.log"
        return self._keep(
            Child(module, command, env=clean_environment(**environment or {}), log=log, pass_fds=pass_fds)
        )

    def _keep(self, child: Child) -> Child:
        self.children.append(self._stack.enter_context(child))
        return child

    def _config(self) -> Path:
        options = self._options
        file = self._scratch / "providers.json"
        config = {  # local.stand_ins.config has its model, beside much that this process never needs
            "base_url": self._addresses.providers,
            "replicate_token": options.replicate_token,
            "webhook_signing_secret": options.replicate_webhook_secret,
            "azure_key": options.azure_face_key,
            "upstash_token": options.upstash_token,
            "toss_webhook_url": f"{self._addresses.api}/webhooks/toss/{options.toss_webhook_key}",
            "toss_secret_key": options.toss_secret_key,
            "toss_client_key": options.toss_client_key,
            "toss_billing_secret_key": options.toss_billing_secret_key,
            "toss_billing_client_key": options.toss_billing_client_key,
            "aws": self._aws.access.model_dump(),
            "audience": AUDIENCE,
            "web_client": WEB_CLIENT,
            "web_origins": [self._addresses.api, *filter(None, [options.public_url])],
        }
        file.write_text(json.dumps(config))
        return file


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Hold ``state`` for this process; raise `LocalError` while another one holds it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(f"a local cloud already runs here ({state}); stop that one first") from None
        (state / "cloud.json").unlink(missing_ok=True)  # of one that was killed
        yield


def _status(url: str, **request: Any) -> int | None:
    """The status that ``url`` answers with; None where nothing answers."""
    try:
        return httpx.get(url, trust_env=False, timeout=REQUEST_SECONDS, **request).status_code
    except httpx.TransportError:
        return None


def _first_requests(running: RunningCloud, s3_url: str) -> Iterator[tuple[str, int | None, int]]:
    """One request through every door: its name, its status, and the status that it must have."""
    answer = httpx.post(running.token_url, json={"sub": "nobody"}, trust_env=False, timeout=REQUEST_SECONDS)
    signed_in = {"authorization": f"Bearer {answer.json()['access_token']}"}
    yield "GET /health", _status(f"{running.api_url}/health"), 200
    yield "GET /generations without a token", _status(f"{running.api_url}/generations"), 401
    yield "GET /generations", _status(f"{running.api_url}/generations", headers=signed_in), 200
    yield "the bucket, without a signature,", _status(f"{s3_url}/{running.bucket}"), 403
