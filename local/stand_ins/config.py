"""What the stand-ins need to know: where they are, and the credentials that they expect."""

import ssl
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from local.cloud.access import AwsAccess


class ProvidersConfig(BaseModel):
    """Settings of one run. ``base_url`` is the stand-ins' own, as clients reach it, without a trailing slash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(pattern=r"^http://\d+(\.\d+){3}:\d+$")
    replicate_token: str
    webhook_signing_secret: str = Field(pattern=r"^whsec_[A-Za-z0-9+/]+=*$")
    azure_key: str
    upstash_token: str
    toss_secret_key: str = Field("test_sk_veilPayments0000000000", pattern=r"^(test|live)_sk_")
    toss_client_key: str = Field("test_ck_veilPayments0000000000", pattern=r"^(test|live)_ck_")
    toss_mid: str = "veil_test"
    toss_billing_secret_key: str = Field("test_sk_veilBilling00000000000", pattern=r"^(test|live)_sk_")
    toss_billing_client_key: str = Field("test_ck_veilBilling00000000000", pattern=r"^(test|live)_ck_")
    toss_billing_mid: str = "veil_bill"
    toss_webhook_url: str | None = Field(None, description="Where Toss's webhooks go; /_control/toss/webhooks sets it.")
    aws: AwsAccess | None = Field(None, description="The local AWS, whose keys and policies Rekognition asks about.")
    audience: str = "veil"
    web_client: str = "veil-web"
    web_origins: list[str] = Field(
        [], description="Where the web client is, as a browser names it: scheme, host, port."
    )
    issuer_key: str | None = Field(None, description="RSA private key, PEM; a new one a run when absent.")
    ca_bundle: Path | None = Field(None, description="Authorities to trust when fetching inputs and calling webhooks.")

    @property
    def clients(self) -> list[str]:
        """Who may ask the issuer for a code."""
        return [self.web_client, self.audience]

    @property
    def redirect_uris(self) -> list[str]:
        return [f"{origin}/signed-in" for origin in self.web_origins]

    @property
    def logout_uris(self) -> list[str]:
        return [f"{origin}/" for origin in self.web_origins]

    def tls(self) -> ssl.SSLContext:
        """Trust ``ca_bundle``, or the system's authorities."""
        return ssl.create_default_context(cafile=self.ca_bundle)
