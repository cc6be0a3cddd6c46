"""``python -m openapi``: write the OpenAPI document."""

import argparse
import os
from pathlib import Path
from unittest.mock import patch

from local.simulated.environment import environment
from local.simulated.functions import cold
from openapi.document import document, rendered
from veil.api.openapi import FILE
from veil.api.routes import ROUTES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m openapi", description="Write the OpenAPI document from the code.")
    parser.add_argument("--out", type=Path, default=FILE, help="where (default: where it is served from)")
    out: Path = parser.parse_args().out
    with patch.dict(os.environ, environment(), clear=True):  # a handler reads its settings when it is imported
        made = document(cold(function).app for function in sorted({route.function for route in ROUTES}))
    out.write_text(rendered(made), encoding="utf-8")


if __name__ == "__main__":
    main()
