"""What CloudFormation asks of the keys that URLs of images are signed with: it makes, rotates and deletes them."""

import os
from collections.abc import Mapping
from typing import Any

from veil.bootstrap.keys import KeysBootstrap
from veil.observability import logger
from veil.settings.keys import KeysSettings

bootstrap = KeysBootstrap(KeysSettings.load(os.environ))

NOTHING = "nothing"  # the id of what could not be made


def handler(event: dict[str, Any], _context: Any) -> None:
    """One request. Whatever comes of it is answered: CloudFormation would wait for ten minutes."""
    before = event.get("PhysicalResourceId", NOTHING)
    failure = None
    try:
        physical_id = _done(event, before)
    except Exception as error:  # noqa: BLE001 - logged whole, and told
        logger.exception("the keys could not be changed")
        physical_id, failure = before, f"{type(error).__name__}: the function's log says more"
    bootstrap.respond(event, physical_id, failure)


def _done(event: Mapping[str, Any], before: str) -> str:
    """Do it; the id of the key group."""
    if event["RequestType"] == "Delete":
        bootstrap.delivery_keys.remove(None if before == NOTHING else before)
        return before
    return bootstrap.delivery_keys.ensure(int(event["ResourceProperties"]["Number"]))
