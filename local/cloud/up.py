"""Start the local cloud: the stand-ins, the local AWS, the real stack deployed into it, and the doors."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.names import deployed_functions
from local.cloud.aws import Aws, start_aws, wait_for_aws
from local.cloud.certificates import make_certificates
from local.cloud.children import Children
from local.cloud.deploy import Deployment
from local.cloud.doors import NAMES, READY_SECONDS, Doors, status_of
from local.cloud.function_logs import save_function_logs
from local.cloud.options import AUDIENCE, STAGE, WEB_CLIENT, Addresses, Options
from local.cloud.ports import remembered_ports
from local.cloud.running import RunningCloud
from local.cloud.web import publish, start_build
from local.comfy_proxy import health, start_proxy
from local.processes import Child, LocalError
from operations.progress import Progress
from operations.site import Site

PORTS = ("aws", "detour", "providers", "comfy", *NAMES)


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
    if options.web:
        with progress.step("build and publish the web client"):
            made.publish(running)
    with progress.step("the doors, and first requests"):
        made.open_doors(running)
    stack.callback(running.write(options.state).unlink, missing_ok=True)
    return running, made.children


class _Making:
    """The steps of one start, in order; each leaves what it started to ``stack``."""

    def __init__(self, options: Options, stack: ExitStack) -> None:
        self._options = options
        state = options.state
        self._logs, self._scratch = state / "logs", state / "scratch"
        self.children = Children(stack, self._logs)
        ports = remembered_ports(state / "ports.json", PORTS)
        if options.port is not None:
            ports["web"] = options.port
        self._ports, self._addresses = ports, Addresses.at(ports, options.host)
        for folder in (state / "tls", self._scratch):
            shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
            folder.mkdir(mode=0o700)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self._aws = Aws.at(self._addresses.aws, make_certificates(state / "tls"))
        self._doors = Doors.taken(stack, ports, options.host, self._addresses, self._aws)
        self._deployment = Deployment(self._aws, options.context(self._addresses), state)
        self.synth = None if self._deployment.fresh else stack.enter_context(self._deployment.start_synth())
        self._web = stack.enter_context(start_build(self._logs)) if options.web else None

    def start_servers(self) -> None:
        detour = dict.fromkeys(self._options.detour, self._addresses.detour)
        log, beside = self._logs / "aws.log", self._options.functions_environment
        aws = start_aws(self._aws, self._ports["aws"], self._scratch, log, endpoints=detour, beside=beside)
        self.children.keep(aws)
        providers = self.children.start("local.stand_ins", self._config())
        comfy = self._start_comfy() if self._options.runs_comfy else None
        wait_for_aws(aws, self._aws)
        if detour:
            self._open_detour()
        providers.wait_until(lambda: status_of(f"{self._addresses.providers}/_health") == 200, READY_SECONDS)
        if comfy:
            comfy.wait_until(lambda: status_of(health(self._addresses.comfy)) == 200, READY_SECONDS)

    def prepare(self) -> None:
        with self._deployment.start_bootstrap() as bootstrap:
            if self.synth:
                self._deployment.finish_synth(self.synth)
            bootstrap.wait(READY_SECONDS * 4)

    def deploy(self) -> RunningCloud:
        self._outputs = self._deployment.deploy()
        running = RunningCloud(
            web_url=self._addresses.web,
            api_url=self._addresses.api,
            token_url=f"{self._addresses.providers}/oidc/token",
            providers_url=self._addresses.providers,
            aws=self._aws.access,
            table=self._outputs["TableName"],
            bucket=self._outputs["BucketName"],
            functions=deployed_functions(self._outputs),
            site=Site.of(STAGE, self._outputs),
            detour_url=self._addresses.detour if self._options.detour else None,
        )
        store = running.client("secretsmanager")
        for name, value in self._options.secret_values().items():
            store.put_secret_value(SecretId=f"veil-{STAGE}/{name}", SecretString=value)
        return running

    def publish(self, running: RunningCloud) -> None:
        if self._web:
            publish(running, self._web)

    def open_doors(self, running: RunningCloud) -> None:
        presigned = self._ports["detour"] if self._options.detour_presigned else None
        self._doors.open(self.children, self._outputs, running, presigned)

    def _start_comfy(self) -> Child:
        """What it keeps ends with the stand-in, which keeps its photos in memory."""
        comfyui, token = f"{self._addresses.providers}/comfyui", self._options.comfy_token
        state, log = self._scratch / "comfy", self._logs / "comfy.log"
        return self.children.keep(start_proxy(self._ports["comfy"], comfyui, token, state, log))

    def _open_detour(self) -> None:
        files = self._aws.certificates
        where = (self._ports["detour"], self._addresses.aws, files.certificate, files.key)
        detour = self.children.start(self._options.detour_by, *where, environment=self._aws.environment)
        trust = files.context()
        health = f"{self._addresses.detour}/_ministack/health"
        detour.wait_until(lambda: status_of(health, verify=trust) == 200, READY_SECONDS)

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
            "web_origins": [self._addresses.web],
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
