"""The hash that a user's lines have in the log is told from the stage's own key."""

import hmac

import pytest

from local.simulated.environment import SECRETS
from operations.user_hash import hash_in_logs
from tests.operations.shop import Shop

pytestmark = pytest.mark.usefixtures("plain_environment")


def test_it_is_the_one_that_functions_log(shop: Shop) -> None:
    whole = hmac.new(SECRETS["user-hash-key"].encode(), b"ada", "sha256").hexdigest()
    assert hash_in_logs(shop.stage, "ada") == whole[:16]
