"""Asking a provider again, as somebody it knows."""

from collections.abc import Callable


def call_with_fresh_credential[C, T](
    client: Callable[[], C],
    renew: Callable[[], None],
    ask: Callable[[C], T],
    *,
    unknown: Callable[[Exception], bool],
) -> T:
    """What ``ask`` answers. When the provider did not know our credential (``unknown``), and so did nothing, and
    ``renew`` brings ``client`` another one, it is asked once more.
    """
    known = client()
    try:
        return ask(known)
    except Exception as error:
        if not unknown(error):
            raise
        renew()
        newer = client()
        if newer is known:
            raise
    return ask(newer)
