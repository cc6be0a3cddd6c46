"""What a Toss of one run is like: its merchants, and the points that Toss leaves open."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class Merchant:
    """One contract (MID) with its pair of API keys, ``…_ck_…`` for the browser and ``…_sk_…`` for the server."""

    mid: str
    client_key: str
    secret_key: str


class Switches(BaseModel):
    """What the documentation doesn't say, or says twice; a merchant has to work with either position."""

    model_config = ConfigDict(extra="forbid")

    binds_5xx: bool = Field(True, description="A 5xx answer is bound to its Idempotency-Key, as 2xx and 4xx are.")
    issue_is_idempotent: bool = Field(True, description="Issuing a billing key honours the Idempotency-Key.")
    resend_keeps_id: bool = Field(True, description="A webhook that is sent again keeps its transmission id.")
    reads_unapproved: bool = Field(False, description="A read of a READY or IN_PROGRESS payment answers it, not 404.")
    read_by_order: Literal["latest", "first"] = Field("latest", description="Of several windows for one orderId.")
    approves_order_twice: bool = Field(False, description="Two windows for one orderId can both be confirmed.")
    second_delete: Literal["removed", "ok", "not_found"] = Field(
        "removed", description="Deleting a deleted billing key."
    )
    declined_charge_takes_order: bool = Field(False, description="DUPLICATED_ORDER_ID after a declined charge, too.")
    declined_charge_is_read: bool = Field(False, description="A declined charge is an ABORTED payment, not a 404.")
    announces_billing_cancels: bool = Field(True, description="A webhook tells that a charge was cancelled.")
    amount_mismatch: str = Field("INVALID_REQUEST", description="The code when confirm's amount isn't the window's.")
    partial_cancelable: bool = Field(True, description="``isPartialCancelable`` of the payments approved from now on.")
    secret: Literal["present", "absent", "random"] = Field("random", description="A payment's ``secret``, each time.")
    created_at_digits: int | None = Field(None, ge=0, le=6, description="Of a webhook's second; None draws them.")
    unknown_fields: bool = Field(
        True, description="Payments, billing keys and webhooks have fields nobody has heard of."
    )


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; the headers' names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
