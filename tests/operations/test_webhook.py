"""The address that Toss is to call."""

import argparse
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest

from local.simulated.environment import SECRETS
from operations.commands import add_operations
from operations.errors import OperationError
from operations.webhook import webhook_url
from tests.operations.shop import Shop
from veil.api.routes import ROUTES

pytestmark = pytest.mark.usefixtures("plain_environment")


def test_it_is_the_route_with_the_stages_secret(shop: Shop) -> None:
    path = urlsplit(webhook_url(shop.stage)).path
    route, _, secret = path.rpartition("/")
    assert f"{route}/{{secret}}" in [one.path for one in ROUTES if one.function == "payments"]
    assert secret == SECRETS["toss-webhook-key"]


def test_an_api_url_may_end_in_a_slash(shop: Shop) -> None:
    stage = replace(shop.stage, api_url=f"{shop.stage.api_url}/")
    assert webhook_url(stage) == webhook_url(shop.stage)


def test_any_secret_is_one_segment_of_the_path(shop: Shop) -> None:
    store = shop.stage.client("secretsmanager")
    store.put_secret_value(SecretId="toss-webhook-key", SecretString="a/b?c#d %\n")
    _, _, segment = webhook_url(shop.stage).partition("/webhooks/toss/")
    assert "/" not in segment
    assert unquote(segment) == "a/b?c#d %"


def test_the_address_alone_can_be_piped(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_operations(parser.add_subparsers(required=True), lambda _: None, lambda _: shop.stage)
    parsed = parser.parse_args(["webhook"])
    assert parsed.run(parsed) is None
    said = capsys.readouterr()
    assert said.out == f"{webhook_url(shop.stage)}\n"
    assert "make us ask Toss more often" in said.err


def test_a_stage_that_is_older_than_payments(shop: Shop) -> None:
    with pytest.raises(OperationError, match="deploy it first"):
        webhook_url(replace(shop.stage, functions={"gallery": "veil-gallery"}))
