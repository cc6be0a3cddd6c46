"""An attempt whose provider calls nobody back, from the queue: what has become of it?"""

import os
from typing import Any

from veil.bootstrap.poll import PollBootstrap
from veil.observability import each_message
from veil.settings import PollSettings

bootstrap = PollBootstrap(PollSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """A message that is late finds the image settled or at another attempt, and does nothing. One that comes twice
    while the attempt runs is asked about twice from then on, until that ends: some questions more, and nothing else.
    """
    each_message(event, bootstrap.go_on)
