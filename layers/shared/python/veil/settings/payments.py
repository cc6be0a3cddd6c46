"""The settings of the functions that deal with money; as `veil.settings`, apart from which they stand so that no other
function loads what can be bought.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from veil.domain.products import Catalogue
from veil.settings import OptionalText, TellingSettings, Url, WelcomeSettings


def _priced(text: str) -> str:
    Catalogue.priced(text)  # raises ValueError for prices that can't be
    return text


class TossSettings(TellingSettings):
    """What it takes to ask Toss Payments."""

    money_queue_url: Url = Field(description="The queue through which work that has to do with money is handed over.")
    toss_url: Url = Field("https://api.tosspayments.com", description="Base URL of Toss Payments' API.")
    toss_payments_key_secret: str = Field(description="Secret with the secret key of Toss's payments.")
    toss_merchant: OptionalText = Field(
        None, description="Our merchant id (MID) at Toss: a payment of another one ends in review. None: not compared."
    )
    money_key_arn: str = Field(min_length=1, description="The KMS key that billing keys are sealed with.")
    prices: Annotated[str, AfterValidator(_priced)] = Field(
        "",
        description="Prices of this stage, comma-separated, as pack_small=4:3900: the product, its credits, its KRW. "
        "The others cost what the catalogue says.",
    )


class PaymentsSettings(TossSettings, WelcomeSettings):
    toss_client_key: OptionalText = Field(
        None, description="Toss's client key for payments, which every client may see. None: no orders are taken."
    )
    toss_billing_client_key: OptionalText = Field(
        None, description="Toss's client key for billing. None: no subscriptions are taken."
    )
    toss_webhook_key_secret: str = Field(description="Secret that stands in the path of Toss's webhook.")
    cursor_key_secret: str = Field(description="Secret with the key that authenticates list cursors.")


class ChargerSettings(TossSettings):
    toss_billing_key_secret: str = Field(description="Secret with the secret key of Toss's billing.")
    toss_billing_merchant: OptionalText = Field(
        None, description="Our merchant id (MID) of billing at Toss. None: not compared."
    )
