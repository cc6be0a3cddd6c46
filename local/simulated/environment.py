"""A whole environment for the functions where no stack makes one: in the simulation, the benchmarks and the tests."""

import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.function_table import FUNCTIONS
from infra.secret_names import SECRETS as NAMES

REGION, TABLE, BUCKET = "ap-northeast-2", "veil-test", "veil-test-photos"
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/123456789012/{BUCKET}"
MONEY_QUEUE_URL = f"{QUEUE_URL}-money"
ERASER_QUEUE_URL = f"{QUEUE_URL}-eraser"
POLL_QUEUE_URL = f"{QUEUE_URL}-poll"
MONEY_KEY_ARN = f"arn:aws:kms:{REGION}:123456789012:key/0f0e7c62-9d0b-4c3a-8d5f-6f1f6e3f2a11"
WEB_URL = "https://edge.test"
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - nobody's


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


# The same in every run, and nobody's.
_DELIVERY_KEY = ec.derive_private_key(0x7E11, ec.SECP256R1())
DELIVERY_KEY_ID = "K2SIMULATED"
DELIVERY_PUBLIC_KEY = _DELIVERY_KEY.public_key()
# Each secret's value by its name: words that no log and no answer may show.
SECRETS = {secret.name: f"{secret.name}-never-in-a-log" for secret in NAMES.values()}
SECRETS |= {
    "webhook-signing-secret": SIGNING_SECRET,
    "toss-payments-key": "test_sk_payments-never-in-a-log",
    "toss-billing-key": "test_sk_billing-never-in-a-log",
    "delivery-key": json.dumps({"key_id": DELIVERY_KEY_ID, "pem": _pem(_DELIVERY_KEY)}),
}
_CHOSEN = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
    "STAGE": "test",
    "TABLE_NAME": TABLE,
    "BUCKET_NAME": BUCKET,
    "QUEUE_URL": QUEUE_URL,
    "MONEY_QUEUE_URL": MONEY_QUEUE_URL,
    "MONEY_KEY_ARN": MONEY_KEY_ARN,
    "ERASER_QUEUE_URL": ERASER_QUEUE_URL,
    "POLL_QUEUE_URL": POLL_QUEUE_URL,
    "DISTRIBUTION_ID": "E2SIMULATED",
    "WEB_URL": WEB_URL,
    "TOSS_URL": "https://toss.test",
    "TOSS_CLIENT_KEY": "test_ck_payments",
    "TOSS_BILLING_CLIENT_KEY": "test_ck_billing",
}


def environment(**changes: str) -> dict[str, str]:
    """All that any function requires: secrets by `SECRETS`' names, URLs at hosts that do not exist; and ``changes``.

    ``AZURE_FACE_URL`` is ``https://azure-face.test``.
    """
    fields = {name: field for spec in FUNCTIONS.values() for name, field in spec.settings.model_fields.items()}
    required = [name for name, field in fields.items() if field.is_required()]
    secrets = {name.upper(): secret.name for name, secret in NAMES.items() if name in required}
    urls = {name.upper(): f"https://{_host(name)}" for name in required if name.endswith("_url")}
    return secrets | urls | _CHOSEN | changes


def _host(name: str) -> str:
    return f"{name.removesuffix('_url').replace('_', '-')}.test"
