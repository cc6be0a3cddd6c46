"""Where Toss is to call: the address that a person registers in its developer centre, since it has no API for that."""

from urllib.parse import quote

from operations.errors import OperationError
from operations.stage import Stage
from operations.stage_ports import StageSecret
from veil.settings.payments import PaymentsSettings

WHERE = "Register it in Toss's developer centre, Webhooks, for PAYMENT_STATUS_CHANGED, under each MID."
CARE = "Keep it to yourself: whoever knows it can make us ask Toss more often, and can do nothing else."


def webhook_url(stage: Stage) -> str:
    """The address, with the secret that says who calls; raises `OperationError` for a stage without payments."""
    if "payments" not in stage.functions:
        raise OperationError("this stage has no function 'payments' yet: deploy it first")
    settings = PaymentsSettings.load(stage.settings("payments"))
    secret = StageSecret(stage.client("secretsmanager"), settings.toss_webhook_key_secret)
    return f"{stage.api_url.rstrip('/')}/webhooks/toss/{quote(secret(), safe='')}"
