"""cloud.json and the clients that are made from it; the ports that are remembered; the certificates."""

import json
import ssl
from pathlib import Path

import pytest

from local.cloud.access import AwsAccess
from local.cloud.certificates import make_certificates
from local.cloud.ports import listen, remembered_ports
from local.cloud.running import RunningCloud
from local.processes import LocalError
from operations.site import Site

RUNNING = RunningCloud(
    web_url="http://127.0.0.1:8787",
    api_url="http://127.0.0.1:3",
    token_url="http://127.0.0.1:2/oidc/token",
    providers_url="http://127.0.0.1:2",
    aws=AwsAccess(
        endpoint_url="https://127.0.0.1:1",
        region="ap-northeast-2",
        access_key_id="test",
        secret_access_key="s",
        ca_bundle=None,
    ),
    table="table",
    bucket="bucket",
    functions={"uploads": "veil-local-uploads"},
    site=Site("web-bucket", "E1", {"stage": "local", "identity_providers": ["kakao"]}),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = RUNNING.write(tmp_path)
    assert file == tmp_path / "cloud.json"
    assert [*tmp_path.iterdir()] == [file]
    assert file.stat().st_mode & 0o077 == 0
    assert set(json.loads(file.read_text())) == {
        "web_url", "api_url", "token_url", "providers_url", "aws", "table", "bucket", "functions", "site", "detour_url",
    }  # fmt: skip
    assert RunningCloud.read(tmp_path) == RUNNING


def test_no_cloud_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="make up"):
        RunningCloud.read(tmp_path)


def test_a_client_takes_nothing_from_the_developers_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "one-that-is-nowhere")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")
    client = RUNNING.client("dynamodb")
    assert client.meta.endpoint_url == RUNNING.aws.endpoint_url
    assert client._request_signer._credentials.access_key == "test"
    client.close()


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = remembered_ports(file, ("a", "b"))
    assert len(set(first.values())) == 2
    assert remembered_ports(file, ("a", "b")) == first
    with listen(first["a"]):
        second = remembered_ports(file, ("a", "b"))
    assert second["a"] != first["a"]
    assert second["b"] == first["b"]


def test_a_busy_port_is_a_clear_error() -> None:
    with listen(0) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(LocalError, match=f"port {port} is not free"):
            listen(port)


def test_the_bundle_has_the_systems_roots_and_ours(tmp_path: Path) -> None:
    files = make_certificates(tmp_path / "tls")
    bundle = ssl.create_default_context(cafile=files.bundle).get_ca_certs()
    assert len(bundle) > 50
    assert len(files.context().get_ca_certs()) == 1
    assert files.context().get_ca_certs()[0] in bundle
