"""Fixtures: the functions as they are deployed, on moto; Replicate, Azure and Upstash are the stand-ins."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from infra.function_table import FUNCTIONS
from local.simulated.environment import SECRETS, SIGNING_SECRET
from local.simulated.functions import Answer, Context, cold, http_event
from tests.support.callbacks import Callbacks
from tests.support.conformance import conforms
from tests.support.consents import AGREED
from tests.support.deployed import closed_afterwards, forget_clients, make_resources, settings
from tests.support.driver import answer
from tests.support.wire import STRAY, Wire, closed_port, serving

if TYPE_CHECKING:
    from local.stand_ins import ProvidersConfig

Call = Callable[..., Answer]


@pytest.fixture(scope="session")
def providers() -> Iterator["ProvidersConfig"]:
    """Replicate accepts predictions and never starts them: each test says what becomes of its own."""
    from local.stand_ins import ProvidersConfig
    from local.stand_ins import serving as serving_providers

    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token=SECRETS["replicate-token"],
        webhook_signing_secret=SIGNING_SECRET,
        azure_key=SECRETS["azure-face-key"],
        upstash_token=SECRETS["upstash-token"],
        toss_secret_key=SECRETS["toss-payments-key"],
        toss_billing_secret_key=SECRETS["toss-billing-key"],
    )
    with serving_providers(config):
        yield config


@pytest.fixture(scope="session")
def outputs() -> Iterator[Wire]:
    """The server that predictions' outputs are fetched from."""
    with serving() as wire:
        yield wire


@pytest.fixture(scope="session")
def control(providers: "ProvidersConfig") -> Iterator[httpx.Client]:
    """The stand-ins' own interface, below ``/_control``."""
    with httpx.Client(base_url=providers.base_url, trust_env=False) as http:
        yield http


@pytest.fixture(scope="module")
def functions(
    providers: "ProvidersConfig",
    outputs: Wire,
    control: httpx.Client,  # made before `closed_afterwards` watches: it outlives the module
) -> Iterator[dict[str, ModuleType]]:
    """Every function's handler module, freshly started."""
    from moto import mock_aws

    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in STRAY:
            patch.delenv(name, raising=False)
        for name, value in settings(providers, outputs.url).items():
            patch.setenv(name, value)
        for name, value in make_resources().items():
            patch.setenv(name, value)
        forget_clients()
        with closed_afterwards(patch):
            yield {name: cold(name) for name in FUNCTIONS}
        forget_clients()


@pytest.fixture
def user() -> str:
    """A user whom nobody has seen."""
    return f"user|{uuid4().hex}"


@pytest.fixture
def call(functions: dict[str, ModuleType], user: str) -> Call:
    """Call a function: ``call("gallery", "GET", "/credits")``, as `user` unless another is named.

    Every answer is checked against the OpenAPI document.
    """

    def called(function: str, method: str, path: str, body: object = None, **given: Any) -> Answer:
        sent = http_event(method, path, body, **{"user": user, **given})
        answered = answer(functions[function].handler(sent, Context()))
        conforms(method, path, answered)
        return answered

    return called


@pytest.fixture
def agreed(call: Call) -> None:
    """The user has agreed to all that is required."""
    assert call("gallery", AGREED.method, AGREED.url, AGREED.json).status == 200


@pytest.fixture
def rule(control: httpx.Client) -> Iterator[Callable[..., None]]:
    """Set rules of the stand-ins; predictions wait in Replicate's queue unless a rule says otherwise."""

    def change(**changes: Any) -> None:
        control.post("/_control", json=changes).raise_for_status()

    change(replicate={"queue": 3600})
    yield change
    control.delete("/_control").raise_for_status()


@dataclass
class Ready:
    """An upload that passed its check."""

    upload_id: str

    @property
    def body(self) -> dict[str, str]:
        return {"upload_id": self.upload_id, "style": "classic"}


@pytest.fixture
def uploaded(call: Call, functions: dict[str, ModuleType]) -> Callable[[str, str], str]:
    """Make an upload with this status for this user, who agrees first; returns its id."""

    def made(status: str, user: str) -> str:
        assert call("gallery", AGREED.method, AGREED.url, AGREED.json, user=user).status == 200
        given = call("uploads", "POST", "/uploads", {"content_type": "image/jpeg", "size": 1000}, user=user)
        upload_id: str = given.json["upload_id"]
        uploads = functions["uploads"].bootstrap.uploads
        upload = uploads.get(user, upload_id)
        if status != "pending":
            assert uploads.begin_check(upload)
        if status == "ready":
            uploads.ready(upload, 768, 1024)
        if status == "rejected":
            uploads.reject(upload, "no_face")
        return upload_id

    return made


@pytest.fixture
def ready(uploaded: Any, user: str, rule: object) -> Ready:
    """An upload that can be used, and a Replicate that accepts predictions."""
    return Ready(uploaded("ready", user))


@pytest.fixture
def log(functions: dict[str, ModuleType]) -> Iterator[io.StringIO]:
    """The functions' log, as it is written."""
    from veil.observability import logger

    handler, written = logger.registered_handler, io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def callbacks(functions: dict[str, ModuleType], control: httpx.Client) -> Callable[[str], Callbacks]:
    """Make the callbacks of a generation, by its id."""
    return lambda generation_id: Callbacks(functions["webhook"], control, SIGNING_SECRET, generation_id)
