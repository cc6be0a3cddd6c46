"""The bodies of Toss's calls, read more strictly than Toss seems to: nothing unknown, no nulls, no numbers in strings.

Source: https://docs.tosspayments.com/reference
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.words import CUSTOMER_KEY, MAXIMUM_AMOUNT, ORDER_ID

Amount = Annotated[int, Field(ge=1, le=MAXIMUM_AMOUNT, description="KRW")]
Share = Annotated[int, Field(ge=0, le=MAXIMUM_AMOUNT, description="KRW")]
OrderId = Annotated[str, Field(pattern=f"^{ORDER_ID.pattern}$")]
CustomerKey = Annotated[str, Field(pattern=f"^{CUSTOMER_KEY.pattern}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Body(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            raise ValueError("null")
        return data

    @classmethod
    def read(cls, content_type: str, body: bytes) -> Self:
        """Raises `Refused` with INVALID_REQUEST."""
        if content_type.partition(";")[0].strip().lower() != "application/json":
            raise Refused("INVALID_REQUEST", "Content-Type은 application/json이어야 합니다.")
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            fields = ", ".join(sorted({".".join(map(str, item["loc"])) for item in error.errors()}))
            raise Refused("INVALID_REQUEST", f"잘못된 요청입니다. ({fields or 'JSON'})"[:510]) from None


class Confirm(Body):
    """``POST /v1/payments/confirm``"""

    payment_key: str = Field(min_length=1, max_length=200)
    order_id: OrderId
    amount: Amount


class CancelRequest(Body):
    """``POST /v1/payments/{paymentKey}/cancel``; ``refundable_amount`` is the balance that the caller believes in."""

    cancel_reason: str = Field(min_length=1, max_length=200)
    cancel_amount: Amount | None = None
    refundable_amount: Share | None = None
    tax_free_amount: Share | None = None
    currency: Literal["KRW"] | None = None


class Issue(Body):
    """``POST /v1/billing/authorizations/issue``"""

    auth_key: str = Field(min_length=1, max_length=300)
    customer_key: CustomerKey


class Charge(Body):
    """``POST /v1/billing/{billingKey}``"""

    customer_key: CustomerKey
    amount: Amount
    order_id: OrderId
    order_name: Name
    customer_email: Name | None = None
    customer_name: Name | None = None
    customer_ip: str | None = None
    tax_free_amount: Share | None = None
    tax_exemption_amount: Share | None = None
