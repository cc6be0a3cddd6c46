"""``python -m local.stand_ins --port N --config FILE``: serve the stand-ins until a signal. FILE is JSON."""

import argparse
from pathlib import Path

from local.stand_ins import ProvidersConfig
from local.stand_ins.server import make_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.stand_ins", description="Serve the providers' stand-ins.")
    parser.add_argument("--port", type=int, required=True, help="loopback port to listen on")
    parser.add_argument("--config", type=Path, required=True, help="JSON file with ProvidersConfig's fields")
    arguments = parser.parse_args()
    config = ProvidersConfig.model_validate_json(arguments.config.read_text())
    make_server(config, arguments.port).run()


if __name__ == "__main__":
    main()
