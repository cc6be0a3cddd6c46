"""What stands for a user in the log of a stage, by the code that writes it."""

from operations.stage import Stage
from veil.adapters.aws.secrets import ManagedSecret
from veil.adapters.user_hash import DIGITS_IN_LOGS, KeyedUserHash
from veil.settings import GallerySettings


def hash_in_logs(stage: Stage, user: str) -> str:
    """What the lines of ``user`` (the token's ``sub``) have as their ``user``."""
    settings = GallerySettings.load(stage.settings("gallery"))
    key = ManagedSecret(settings.user_hash_key_secret, manager=lambda: stage.client("secretsmanager"))
    return KeyedUserHash(key)(user)[:DIGITS_IN_LOGS]
