"""``python -m openapi``: write the OpenAPI document."""

import argparse
from pathlib import Path

from openapi.document import document, rendered
from openapi.handlers import resolvers
from veil.api.openapi import FILE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m openapi", description="Write the OpenAPI document from the code.")
    parser.add_argument("--out", type=Path, default=FILE, help="where (default: where it is served from)")
    parser.parse_args().out.write_text(rendered(document(resolvers())), encoding="utf-8")


if __name__ == "__main__":
    main()
