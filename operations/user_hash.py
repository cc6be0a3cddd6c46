"""What stands for a user where their id must not stand, by the stage's own key."""

from operations.stage import Stage
from operations.stage_ports import StageSecret
from veil.adapters.user_hash import DIGITS_IN_LOGS, KeyedUserHash
from veil.settings import GallerySettings


def user_hash(stage: Stage) -> KeyedUserHash:
    settings = GallerySettings.load(stage.settings("gallery"))
    return KeyedUserHash(StageSecret(stage.client("secretsmanager"), settings.user_hash_key_secret))


def hash_in_logs(stage: Stage, user: str) -> str:
    """What the lines of ``user`` (the token's ``sub``) have as their ``user``."""
    return user_hash(stage)(user)[:DIGITS_IN_LOGS]
