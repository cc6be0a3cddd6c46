"""The settings of the eraser; as `veil.settings`, apart from which they stand for the readers."""

from pydantic import Field

from veil.settings import ComfySettings, EdgeCacheSettings, OptionalText, Url


class EraserSettings(EdgeCacheSettings, ComfySettings):
    replicate_url: Url = Field("https://api.replicate.com", description="Base URL of Replicate's API.")
    replicate_token_secret: str = Field(description="Secret with the Replicate API token.")
    user_pool_id: OptionalText = Field(
        None, description="The stack's own Cognito user pool, from which who leaves is deleted. None: another issuer."
    )
