"""The web client is published so that no page ever names what is not there, on moto's S3 and CloudFront."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from rich.console import Console

from operations.errors import OperationError
from operations.progress import Progress
from operations.publish import RETIRED_DAYS, STATE, Publish
from operations.site import Site

REGION = "ap-northeast-2"
BUCKET = "web"
CONFIG = {"stage": "dev", "issuer": "https://login.example", "client_id": "c", "identity_providers": ["kakao"]}
BUILD = {
    "index.html": b"<script src=/assets/index-1.js>",
    "pay.html": b"pay",
    "docs.html": b"docs",
    "icon.svg": b"<svg/>",
    "app.webmanifest": b"{}",
    "samples/classic-1.jpg": b"jpeg",
    "assets/index-1.js": b"js",
    "assets/index-1.css": b"css",
    "assets/font-1.woff2": b"font",
}


class Stopped(Exception):
    """The publisher was ended."""


@dataclass
class Edge:
    """A deployment's, and the folder that is published there; ``calls``: what was changed, in order."""

    s3: Any
    cloudfront: Any
    site: Site
    folder: Path
    now: datetime = datetime(2026, 11, 27, tzinfo=UTC)
    calls: list[str] = field(default_factory=list)
    stop_before: str | None = None

    def build(self, **changes: bytes | None) -> None:
        for name, data in ({**BUILD, **changes}).items():
            file = self.folder / name
            file.parent.mkdir(exist_ok=True)
            file.unlink(missing_ok=True)
            if data is not None:
                file.write_bytes(data)

    def publish(self, **config: object) -> list[str]:
        """What was changed, in order."""
        self.calls.clear()
        site = Site(self.site.bucket, self.site.distribution, {**self.site.config, **config})
        clients = {"s3": self.s3, "cloudfront": self.cloudfront}
        Publish(clients.__getitem__, site, Progress(Console(quiet=True)), lambda: self.now)(self.folder)
        return list(self.calls)

    def called(self, params: dict[str, Any], model: Any, **_: object) -> None:
        if model.name in {"PutObject", "DeleteObject"}:
            change = f"{model.name[:3].lower()} {params['Key']}"
        elif model.name == "CreateInvalidation":
            change = " ".join(["drop", *params["InvalidationBatch"]["Paths"]["Items"]])
        else:
            return
        if change == self.stop_before:
            raise Stopped
        self.calls.append(change)

    def stored(self) -> set[str]:
        return {one["Key"] for one in self.s3.list_objects_v2(Bucket=BUCKET)["Contents"]}

    def headers(self, key: str) -> tuple[str, str]:
        found = self.s3.head_object(Bucket=BUCKET, Key=key)
        return found["ContentType"], found["CacheControl"]


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    with mock_aws():
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": REGION}
        s3, cloudfront = (boto3.client(name, **keys) for name in ("s3", "cloudfront"))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        made = Edge(s3, cloudfront, Site(BUCKET, _distribution(cloudfront), CONFIG), tmp_path)
        for client in (s3, cloudfront):
            client.meta.events.register("before-parameter-build", made.called)
        made.build()
        yield made


def _distribution(cloudfront: Any) -> str:
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "p"}
    origin = {"Id": "o", "DomainName": f"{BUCKET}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    config = {
        "CallerReference": "1", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behaviour,
        "Origins": {"Quantity": 1, "Items": [origin]},
    }  # fmt: skip
    return str(cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"])


def test_a_first_time_assets_come_before_pages(edge: Edge) -> None:
    calls = edge.publish()
    puts = [call.removeprefix("put ") for call in calls if call.startswith("put ")]
    assert set(puts[:3]) == {"assets/index-1.js", "assets/index-1.css", "assets/font-1.woff2"}
    assert set(puts[3:-4]) == {"icon.svg", "app.webmanifest", "samples/classic-1.jpg", "config.json"}
    assert set(puts[-4:-1]) == {"index.html", "pay.html", "docs.html"}
    assert puts[-1] == STATE
    assert edge.stored() == {*BUILD, "config.json", STATE}
    paths = [
        "/", "/app.webmanifest", "/config.json", "/docs", "/docs.html", "/icon.svg", "/index.html", "/pay",
        "/pay.html", "/samples/*",
    ]  # fmt: skip
    assert calls[-2] == " ".join(["drop", *paths])


def test_each_has_its_type_and_its_time(edge: Edge) -> None:
    edge.publish()
    forever = "public, max-age=31536000, immutable"
    assert {key: edge.headers(key) for key in edge.stored() - {STATE}} == {
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "pay.html": ("text/html; charset=utf-8", "no-cache"),
        "docs.html": ("text/html; charset=utf-8", "no-cache"),
        "config.json": ("application/json", "no-cache"),
        "app.webmanifest": ("application/manifest+json", "no-cache"),
        "icon.svg": ("image/svg+xml", "public, max-age=3600"),
        "samples/classic-1.jpg": ("image/jpeg", "public, max-age=3600"),
        "assets/index-1.js": ("text/javascript; charset=utf-8", forever),
        "assets/index-1.css": ("text/css; charset=utf-8", forever),
        "assets/font-1.woff2": ("font/woff2", forever),
    }


def test_what_the_client_is_told(edge: Edge) -> None:
    edge.publish()
    told = json.loads(edge.s3.get_object(Bucket=BUCKET, Key="config.json")["Body"].read())
    version = told.pop("version")
    assert told == CONFIG
    assert len(version) == 12
    edge.build(**{"icon.svg": b"<svg></svg>"})
    edge.publish()
    assert json.loads(edge.s3.get_object(Bucket=BUCKET, Key="config.json")["Body"].read())["version"] != version


def test_a_second_time_nothing_is_sent(edge: Edge) -> None:
    edge.publish()
    assert edge.publish() == []


def test_only_what_changed_is_sent(edge: Edge) -> None:
    edge.publish()
    edge.build(**{"index.html": b"<script src=/assets/index-2.js>", "assets/index-2.js": b"new"})
    calls = edge.publish()
    assert calls[:3] == ["put assets/index-2.js", "put config.json", "put index.html"]
    assert calls[3].startswith("drop /")
    assert calls[4:] == [f"put {STATE}"]


def test_another_client_id_is_told(edge: Edge) -> None:
    edge.publish()
    assert [call for call in edge.publish(client_id="d") if call.startswith("put")] == [
        "put config.json",
        f"put {STATE}",
    ]


@pytest.mark.parametrize("before", ["put assets/font-1.woff2", "put config.json", "put index.html", f"put {STATE}"])
def test_one_that_was_stopped_is_finished(edge: Edge, before: str) -> None:
    edge.stop_before = before
    with pytest.raises(Stopped):
        edge.publish()
    sent = {call for call in edge.calls if call.startswith("put ")}
    edge.stop_before = None
    again = edge.publish()
    assert edge.stored() == {*BUILD, "config.json", STATE}
    assert not sent & set(again)
    assert [call for call in again if call.startswith("drop ")]  # the edge may know nothing of the first one
    assert edge.publish() == []


def test_pages_are_not_there_before_their_assets(edge: Edge) -> None:
    edge.stop_before = "put assets/font-1.woff2"
    with pytest.raises(Stopped):
        edge.publish()
    assert "index.html" not in edge.stored()


def _at(edge: Edge, days: float) -> None:
    edge.now = datetime(2026, 11, 27, tzinfo=UTC) + timedelta(days=days)


def test_an_old_asset_stays_for_a_month_after_it_went_out_of_use(edge: Edge) -> None:
    edge.publish()
    _at(edge, 100)
    edge.build(**{"assets/index-1.js": None, "assets/index-2.js": b"new"})
    edge.publish()
    assert "assets/index-1.js" in edge.stored()
    _at(edge, 100 + RETIRED_DAYS - 1)
    assert edge.publish() == []
    _at(edge, 100 + RETIRED_DAYS)
    assert edge.publish() == ["del assets/index-1.js", f"put {STATE}"]
    assert edge.publish() == []


def test_an_asset_that_is_used_again_is_no_old_one(edge: Edge) -> None:
    edge.publish()
    edge.build(**{"assets/index-1.js": None})
    edge.publish()
    _at(edge, 20)
    edge.build()
    assert "put assets/index-1.js" not in edge.publish()
    _at(edge, 40)
    edge.build(**{"assets/index-1.js": None})
    edge.publish()
    assert "assets/index-1.js" in edge.stored()


def test_another_file_that_is_gone_is_deleted(edge: Edge) -> None:
    edge.publish()
    edge.build(**{"samples/classic-1.jpg": None})
    assert "del samples/classic-1.jpg" in edge.publish()


def test_all_is_sent_anew_after_the_rules_of_its_headers_changed(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    edge.publish()
    monkeypatch.setattr("operations.publish.RULES", "others")
    assert len([call for call in edge.publish() if call.startswith("put")]) == len(BUILD) + 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda edge: edge.build(**{"index.html": None}), "type 'make web'"),
        (lambda edge: edge.build(**{".DS_Store": b"x"}), "of which type is that"),
    ],
)
def test_what_is_no_web_client_is_refused_before_anything_is_sent(
    edge: Edge, change: Callable[[Edge], None], said: str
) -> None:
    change(edge)
    with pytest.raises(OperationError, match=said):
        edge.publish()
    assert edge.calls == []


def test_of_a_stacks_outputs() -> None:
    outputs = {
        "WebUrl": "https://veil.example", "WebBucketName": "b", "DistributionId": "E1", "Issuer": "https://i.example",
        "WebClientId": "c", "IdentityProviders": "kakao,naver", "TossScript": "https://t.example/v2/standard",
    }  # fmt: skip
    config = {
        "stage": "dev",
        "issuer": "https://i.example",
        "client_id": "c",
        "identity_providers": ["kakao", "naver"],
        "toss_script": "https://t.example/v2/standard",
    }
    assert Site.of("dev", outputs) == Site("b", "E1", config)
    assert Site.of("dev", {**outputs, "IdentityProviders": ""}).config["identity_providers"] == []
