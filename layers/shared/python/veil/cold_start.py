"""What every handler imports first: no garbage is looked for while a function starts.

Hundreds of modules are imported, none of which is garbage; the collector's passes over them were measured at a
seventh of a cold start's CPU time. Once it has started, what is there is set aside for good and collection goes on.
"""

import gc

gc.disable()


def started() -> None:
    """Say that all is imported and made; without effect where this module did not begin the process."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
