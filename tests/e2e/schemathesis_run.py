"""One run of schemathesis's command against a deployed API: how it is configured, and what it sent."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from local.demo import PHOTO
from local.processes import ROOT
from openapi.examples import GENERATION_ID, ID
from tests.e2e.schemathesis_links import LINKS
from veil.domain.consents import ConsentKind, latest

# A valid request may name what is not there, so `positive_data_acceptance` has nothing to say. 413 is ours for a
# size above the documented most. Whatever Toss sends that is about no order of ours is taken, and ignored.
CONFIG = """
seed = {seed}
hooks = "tests.e2e.schemathesis_hooks"
headers = {{ Authorization = "Bearer ${{VEIL_TOKEN}}" }}
continue-on-failure = true
workers = 1
cache.enabled = false

[generation]
max-examples = {examples}
database = "none"

[phases.stateful]
max-steps = 6
generation.max-examples = {scenarios}

[checks]
positive_data_acceptance.enabled = false
negative_data_rejection.expected-statuses = [401, 404, 405, 409, 413, 415, 422, 429]

[dictionaries]
uploads.values = {uploads}
generations.values = {generations}
doomed.values = {doomed}
providers.values = ["replicate"]
tokens.values = {tokens}
predictions.values = {predictions}
orders.values = {orders}
secrets.values = {secrets}
products.values = ["pack_small"]
versions.values = {versions}
keys.values = ["first", "second"]
styles.values = ["classic"]

[parameters]
"body.upload_id" = {{ dictionary = "uploads", probability = 0.65 }}
"path.upload_id" = {{ dictionary = "uploads", probability = 0.5 }}
"path.generation_id" = {{ dictionary = "generations", probability = 0.6 }}
"body.style" = {{ dictionary = "styles", probability = 0.7 }}
"header.idempotency-key" = {{ dictionary = "keys", probability = 0.4 }}
"path.order_id" = {{ dictionary = "orders", probability = 0.6 }}
"path.secret" = {{ dictionary = "secrets", probability = 0.5 }}
"body.version" = {{ dictionary = "versions", probability = 0.7 }}
"body.product" = {{ dictionary = "products", probability = 0.7 }}
"path.provider" = {{ dictionary = "providers", probability = 0.9 }}
"path.token" = {{ dictionary = "tokens", probability = 0.7 }}
"body.id" = {{ dictionary = "predictions", probability = 0.7 }}

[[operations]]
include-operation-id = "receivePaymentWebhook"
checks.negative_data_rejection.enabled = false

[[operations]]
include-operation-id = "deleteAccount"  # after it, nothing but 410 would be met
enabled = false

[[operations]]
include-operation-id = "deleteGeneration"
parameters = {{ "path.generation_id" = {{ dictionary = "doomed", probability = 0.5 }} }}
"""


@dataclass(frozen=True)
class Known:
    """Values that exist, so that more is met than 404s."""

    uploads: list[str]
    generations: list[str]
    doomed: list[str]
    tokens: list[str]
    predictions: list[str]
    orders: list[str]
    secrets: list[str]  # in the path of Toss's webhook


@dataclass(frozen=True)
class Run:
    """``status`` is the command's; ``answers`` are how often each route answered with each status."""

    status: int
    output: str
    answers: dict[str, Counter[int]]

    @classmethod
    def of(
        cls,
        folder: Path,
        *,
        document: dict[str, Any],
        url: str,
        known: Known,
        token: str,
        signing_secret: str,
        examples: int,
        seed: int,
    ) -> Self:
        """Run it; its files are left in ``folder``. The document gets `LINKS`, and in its examples ids that exist."""
        schema, config, report = (folder / name for name in ("openapi.json", "schemathesis.toml", "report.ndjson"))
        for (path, method, status), links in LINKS.items():
            document["paths"][path][method]["responses"][status]["links"] = {
                link["operationId"]: link for link in links
            }
        text = json.dumps(document).replace(ID, known.uploads[0])
        schema.write_text(text.replace(GENERATION_ID, known.generations[0]))
        values = {name: json.dumps(of) for name, of in asdict(known).items()}
        values["versions"] = json.dumps([latest(ConsentKind.THIRD_PARTY_AI)])
        config.write_text(CONFIG.format(seed=seed, examples=examples, scenarios=examples * 4, **values))
        ended = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", schema, "--url", url,
                "--report", "ndjson", "--report-ndjson-path", report, "--no-color",
            ],
            env=os.environ | {"VEIL_TOKEN": token, "VEIL_WEBHOOK_SECRET": signing_secret, "VEIL_PHOTO": str(PHOTO)},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return cls(ended.returncode, ended.stdout + ended.stderr, _answers(report, url, list(document["paths"])))

    def table(self) -> str:
        """What the documented routes answered, and how often; all others together."""
        total: dict[str, Counter[int]] = {}
        for route, counts in sorted(self.answers.items()):
            total.setdefault(route if set(counts) - {403, 405} else "other methods", Counter()).update(counts)
        rows = [f"{route:46} {dict(sorted(counts.items()))}" for route, counts in total.items()]
        return "\n".join([*rows, f"{sum(counts.total() for counts in self.answers.values())} requests"])


def _answers(report: Path, url: str, templates: list[str]) -> dict[str, Counter[int]]:
    patterns = {
        re.compile(re.escape(url) + re.sub(r"\{[^}]+\}", "[^/?]*", template) + r"(\?.*)?"): template
        for template in sorted(templates, key=lambda each: each.count("{"))
    }
    answers: dict[str, Counter[int]] = {}
    for line in report.read_text().splitlines():
        scenario = json.loads(line).get("ScenarioFinished", {})
        for sent in scenario.get("recorder", {}).get("interactions", {}).values():
            uri = sent["request"]["uri"]
            template = next((template for pattern, template in patterns.items() if pattern.fullmatch(uri)), "elsewhere")
            status = sent["response"]["status_code"] if sent["response"] else 0
            answers.setdefault(f"{sent['request']['method']} {template}", Counter())[status] += 1
    return answers
