"""``python -m local.stand_ins FILE``: serve the stand-ins until a signal; FILE is a `ProvidersConfig` as JSON."""

import sys
from pathlib import Path

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.server import make_server

if __name__ == "__main__":
    make_server(ProvidersConfig.model_validate_json(Path(sys.argv[1]).read_text())).run()
