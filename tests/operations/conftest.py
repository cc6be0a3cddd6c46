"""The providers' stand-ins on a free port."""

from collections.abc import Iterator

import pytest

from local.stand_ins import ProvidersConfig, serving
from tests.support.wire import closed_port


@pytest.fixture(scope="session")
def providers() -> Iterator[ProvidersConfig]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token="r8_right",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-right",
        upstash_token="upstash-right",
    )
    with serving(config):
        yield config
