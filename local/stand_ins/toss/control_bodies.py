"""The bodies of ``/_control/toss``."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.stand_ins.toss.customer import GOOD_CARD


class Body(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class Pay(Body):
    """A window that opens, and what comes of it: ``decline`` is how confirm is going to refuse the card, if it is."""

    order_id: str
    amount: int
    order_name: str
    customer_key: str
    client_key: str
    metadata: dict[str, str] | None = None
    decline: str | None = None
    code: str = Field("PAY_PROCESS_CANCELED", description="Of the failure; of /fail only.")


class AuthorizeBilling(Body):
    customer_key: str
    client_key: str
    card: str = GOOD_CARD


class ConsoleCancel(Body):
    payment_key: str
    amount: int | None = Field(None, ge=1, description="KRW; all that is left when absent.")
    reason: str = "console"


class ConsoleDelete(Body):
    billing_key: str
    reason: str | None = None


class Card(Body):
    """``outcome`` is a refusal's code or "ok"; of the next approval, unless ``billing_key`` says whose."""

    outcome: str
    billing_key: str | None = None
    charged: bool = Field(False, description="The money moves all the same; of the next approval only.")


class Clock(Body):
    advance: float = Field(ge=0, description="Seconds.")


class WebhookChange(Body):
    """Sets the url when it is given; sends message ``resend`` (0 is the oldest, -1 the latest) again."""

    url: str | None = None
    resend: int | None = None
