"""The settings of the function that makes the keys of the edge; as `veil.settings`."""

from pydantic import Field

from veil.settings import StageSettings


class KeysSettings(StageSettings):
    delivery_key_secret: str = Field(description="Secret with the key that signs the URLs of images, and its id.")
