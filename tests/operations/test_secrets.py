"""The providers' keys are stored once they work, and only then; none of them is ever printed."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.stand_ins import ProvidersConfig
from operations import __main__ as commands
from operations.ask import Ask
from operations.errors import OperationError
from operations.put_keys import variable
from operations.secrets import NAMES, Providers, PutSecrets
from tests.support.wire import Reply, Wire, closed_port

pytestmark = pytest.mark.usefixtures("plain_environment")


UNUSED = {"comfy-token": "made at random for comfy-token"}  # by a stage without a model of its own


class Desk:
    """A stage whose secrets are as the stack made them, and somebody at the keyboard."""

    def __init__(self, providers: ProvidersConfig, client: Any) -> None:
        base = providers.base_url
        self.right = {
            "replicate-token": providers.replicate_token,
            "webhook-signing-secret": providers.webhook_signing_secret,
            "azure-face-key": providers.azure_key,
            "upstash-token": providers.upstash_token,
            "toss-payments-key": providers.toss_secret_key,
            "toss-billing-key": providers.toss_billing_secret_key,
        }
        toss = f"{base}/toss"
        self.providers = Providers(f"{base}/replicate", f"{base}/azure", f"{base}/upstash", toss, toss)
        self.client, self.said = client, list[str]()
        for name in NAMES:
            client.create_secret(Name=f"veil-dev/{name}", SecretString=f"made at random for {name}")

    def put(self, *typed: str, answers: tuple[str, ...] = (), terminal: bool = True, **how: Any) -> bool:
        lines, replies = iter(typed), iter(answers)

        def answer(question: str) -> str:
            self.said.append(question)
            return next(replies)

        ask = Ask(how.pop("yes", False), lambda: terminal, answer)
        how = {"environ": {}, "read": lambda _: next(lines), "say": self.said.append, **how}
        return PutSecrets(stage="dev", store=self.client, providers=self.providers, ask=ask, **how)()

    @property
    def stored(self) -> dict[str, str]:
        return {name: self.client.get_secret_value(SecretId=f"veil-dev/{name}")["SecretString"] for name in NAMES}

    def versions(self, name: str) -> int:
        return len(self.client.list_secret_version_ids(SecretId=f"veil-dev/{name}", IncludeDeprecated=True)["Versions"])

    @property
    def printed(self) -> str:
        return "\n".join(self.said)


@pytest.fixture
def desk(providers: ProvidersConfig) -> Iterator[Desk]:
    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}):
        yield Desk(providers, boto3.client("secretsmanager", "eu-west-1", **keys))


def test_at_a_terminal(desk: Desk) -> None:
    right = desk.right
    typed = ("r8_wrong", right["replicate-token"], f" {right['azure-face-key']}\n", right["upstash-token"])
    assert desk.put(*typed, "test_ck_public", right["toss-payments-key"], right["toss-billing-key"])
    assert desk.stored == {**right, **UNUSED}
    assert "replicate-token: refused, and not stored: the provider does not accept it (401)" in desk.said
    assert "webhook-signing-secret: stored, and works" in desk.said
    assert "console.upstash.com" in desk.printed
    assert "next: make smoke STAGE=dev" in desk.said[-1]
    assert not [value for value in (*right.values(), "r8_wrong", "made at random") if value in desk.printed]


def test_what_works_is_not_asked_for_again_and_not_stored_again(desk: Desk) -> None:
    desk.put(*(value for name, value in desk.right.items() if name != "webhook-signing-secret"))
    before = {name: desk.versions(name) for name in NAMES}
    assert desk.put()
    assert desk.put(environ={variable(name): value for name, value in desk.right.items()}, terminal=False)
    assert {name: desk.versions(name) for name in NAMES} == before


def test_a_pipeline_has_files_and_an_environment(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{desk.right['replicate-token']}\n")
    names = ("azure-face-key", "toss-payments-key", "toss-billing-key")
    environ = {variable(name): desk.right[name] for name in names} | {"VEIL_UPSTASH_TOKEN": "wrong"}
    assert not desk.put(files={"replicate-token": file}, environ=environ, terminal=False)
    assert desk.stored == {**desk.right, **UNUSED, "upstash-token": "made at random for upstash-token"}
    assert not desk.put(terminal=False)
    assert "upstash-token: none was given: set VEIL_UPSTASH_TOKEN, or --file upstash-token=PATH" in desk.said


def test_one_is_rotated_though_the_old_one_works(desk: Desk) -> None:
    desk.client.put_secret_value(SecretId="veil-dev/azure-face-key", SecretString=desk.right["azure-face-key"])
    assert not desk.put("", only=("azure-face-key",))
    assert "azure-face-key: left as it was" in desk.said
    assert desk.put(desk.right["azure-face-key"], only=("azure-face-key",))


def test_a_webhook_key_that_is_given_is_compared(desk: Desk) -> None:
    desk.client.put_secret_value(SecretId="veil-dev/replicate-token", SecretString=desk.right["replicate-token"])
    only = ("webhook-signing-secret",)
    assert not desk.put(environ={"VEIL_WEBHOOK_SIGNING_SECRET": "whsec_other"}, only=only)
    assert desk.put(environ={"VEIL_WEBHOOK_SIGNING_SECRET": desk.right[only[0]]}, only=only)


def test_without_a_token_replicate_does_not_tell_its_key(desk: Desk) -> None:
    assert not desk.put(only=("webhook-signing-secret",))
    assert "webhook-signing-secret: not known: the provider does not accept it (401)" in desk.said


@pytest.mark.parametrize(
    ("how", "stored"),
    [
        ({"answers": ("n",)}, False),
        ({"answers": ("y",)}, True),
        ({"yes": True, "terminal": False}, True),
    ],
)
def test_what_cannot_be_tried_is_asked_about(desk: Desk, how: dict[str, Any], stored: bool) -> None:
    desk.providers = desk.providers._replace(upstash=f"http://127.0.0.1:{closed_port()}")
    done = desk.put(environ={"VEIL_UPSTASH_TOKEN": "perhaps"}, only=("upstash-token",), **how)
    assert done is stored
    assert (desk.stored["upstash-token"] == "perhaps") is stored
    assert ("stored, untried" in desk.printed) is stored


def test_nobody_is_there_to_be_asked(desk: Desk) -> None:
    desk.providers = desk.providers._replace(upstash=f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(OperationError, match="no terminal to ask at: add --yes"):
        desk.put(environ={"VEIL_UPSTASH_TOKEN": "perhaps"}, only=("upstash-token",), terminal=False)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_that_holds_no_key(desk: Desk, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(OperationError, match=r"key (can't be read|is empty)"):
        desk.put(files={"upstash-token": tmp_path / "key"})


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--only", "cursor-key"], ["--file", "cursor-key=x"], ["--file", "upstash-token"]):
        with pytest.raises(SystemExit, match="2"):
            commands.main(["secrets", "--stage", "dev", *wrong])
        assert "upstash-token" in capsys.readouterr().err


URLS = {
    "UPSTASH_URL": "https://limits.example",
    "AZURE_FACE_URL": "https://face.example",
}
SELLS = {"TOSS_CLIENT_KEY": "live_ck_1", "TOSS_BILLING_CLIENT_KEY": ""}


@pytest.mark.parametrize(
    ("functions", "settings", "toss"),
    [
        ({}, {}, None),
        ({"payments": "veil-dev-payments"}, {}, None),
        ({"payments": "veil-dev-payments"}, SELLS, "https://api.tosspayments.com"),
    ],
    ids=["older than payments", "sells nothing", "sells packs and no plan"],
)
def test_the_addresses_are_those_that_the_functions_have(
    functions: dict[str, str], settings: dict[str, str], toss: str | None
) -> None:
    stage: Any = SimpleNamespace(functions=functions, settings=lambda _: URLS | settings)
    found = Providers.of(stage)
    assert found == Providers("https://api.replicate.com", "https://face.example", "https://limits.example", toss, None)
    assert ("toss-payments-key" in found.wanted) is (toss is not None)
    assert "toss-billing-key" not in found.wanted


def test_the_token_of_a_model_of_ones_own_is_asked_for_where_there_is_one(desk: Desk, wire: Wire) -> None:
    assert "comfy-token" not in desk.providers.wanted
    desk.providers = desk.providers._replace(comfy=wire.url)
    assert "comfy-token" in desk.providers.wanted
    wire.answer(Reply(200, {"jobs": [], "truncated": False}))
    assert desk.put("our-own-token", only=("comfy-token",))
    (asked,) = wire.asked
    assert (asked.path, asked.headers["authorization"]) == ("/api/v2/jobs?limit=1", "Bearer our-own-token")
    assert desk.stored["comfy-token"] == "our-own-token"
    assert "our-own-token" not in desk.printed


@pytest.mark.parametrize(("agreed", "stored"), [("y", "new"), ("n", UNUSED["comfy-token"])])
def test_a_token_that_a_machine_of_ones_own_has_yet_to_learn(desk: Desk, wire: Wire, agreed: str, stored: str) -> None:
    """It reads its token from the same secret: until the new one is stored, it can only refuse it."""
    desk.providers = desk.providers._replace(comfy=wire.url)
    wire.answer(Reply(401))
    assert desk.put("new", "", only=("comfy-token",), answers=(agreed,)) is (agreed == "y")
    assert "comfy-token can't be tried: " in desk.printed
    assert "a machine of your own learns it from here" in desk.printed
    assert desk.stored["comfy-token"] == stored
