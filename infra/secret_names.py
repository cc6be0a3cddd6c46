"""The secrets, by the settings field that names each: plain names, which need no CDK to be read."""

from typing import NamedTuple


class Secret(NamedTuple):
    """One secret; an ``ours`` one is a key that Secrets Manager makes and nobody needs to know, or
    that is ``made_by`` a function: then it is empty until that has run.
    """

    name: str
    description: str
    ours: bool = False
    made_by: str | None = None


def name_of(stage: str, secret: Secret) -> str:
    """A stage's, in Secrets Manager."""
    return f"veil-{stage}/{secret.name}"


# Only a function whose settings have the field may read the secret.
SECRETS: dict[str, Secret] = {
    "replicate_token_secret": Secret("replicate-token", "Replicate API token"),
    "webhook_signing_secret": Secret("webhook-signing-secret", "Replicate webhook signing key (whsec_…)"),
    "webhook_token_key_secret": Secret("webhook-token-key", "Key that authenticates webhook tokens", ours=True),
    "comfy_token_secret": Secret("comfy-token", "Token of a ComfyUI of one's own"),
    "azure_face_key_secret": Secret("azure-face-key", "Key of the Azure AI Face resource"),
    "upstash_token_secret": Secret("upstash-token", "Upstash REST token"),
    "toss_payments_key_secret": Secret("toss-payments-key", "Secret key of Toss Payments (…_sk_…)"),
    "toss_billing_key_secret": Secret("toss-billing-key", "Secret key of Toss's billing (…_sk_…)"),
    "toss_webhook_key_secret": Secret("toss-webhook-key", "Stands in the path of Toss's webhook", ours=True),
    "cursor_key_secret": Secret("cursor-key", "Key that authenticates list cursors", ours=True),
    "delivery_key_secret": Secret("delivery-key", "Key that signs the URLs of images", ours=True, made_by="keys"),
    "user_hash_key_secret": Secret(
        "user-hash-key", "Key under which users' ids are hashed; never replace it", ours=True
    ),
}

# Of the providers that people sign in with. CloudFormation reads them when it makes a provider, and Cognito looks at
# Apple's right then: so they are there before the stack, which does not make them (`make secrets` does).
SIGN_IN: dict[str, Secret] = {
    "kakao": Secret("kakao-client-secret", "Kakao Login's client secret"),
    "naver": Secret("naver-client-secret", "Naver Login's client secret"),
    "apple": Secret(
        "apple-private-key", "Key of Sign in with Apple: the .p8 file's letters, without its first and last line"
    ),
    "google": Secret("google-client-secret", "Google's OAuth client secret"),
}
