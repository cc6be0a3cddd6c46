"""The settings of the function that tells others what has happened; as `veil.settings`."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from veil.settings import Settings, Url, blank_is_none


def _by_tls(url: str) -> str:
    """Events name users: in the clear they go to this machine alone."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("has a user or a password in it: every line of a log that names the host would too")
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        raise ValueError("has to begin with https://")
    return url


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


EventsUrl = Annotated[Annotated[Url, AfterValidator(_by_tls)] | None, BeforeValidator(blank_is_none)]


class NotifySettings(Settings):
    event_bus_name: str = Field(min_length=1, description="The EventBridge bus that events are put on.")
    delivery_queue_url: Url = Field(description="The queue of events that are to be posted to EVENTS_URL.")
    events_url: EventsUrl = Field(
        None,
        description="The team's own server, to which events are posted, signed: https, and plain http on this machine "
        "alone. None: nothing is posted.",
    )
    events_signing_key_secret: str = Field(description="Secret with the key that signs what is posted there.")
