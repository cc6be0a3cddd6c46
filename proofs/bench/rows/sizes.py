"""What is deployed."""

from collections.abc import Iterator
from pathlib import Path

from infra import bundling
from infra.function_table import FUNCTIONS
from proofs.bench.deployed import layer, layers_of
from proofs.bench.row import Row

MB = 1e6
ALLOWED_MB = {"check": 60}
ARCHITECTURES = ("arm64", "x86_64")


def sizes() -> Iterator[Row]:
    """Each function with its layers, unzipped, in the architecture where that is more."""
    for function in FUNCTIONS:
        allowed = ALLOWED_MB.get(function, 25)
        layers = [
            sum(_size(layer(name, architecture)) for name in layers_of(function)) for architecture in ARCHITECTURES
        ]
        size = _size(bundling.function(function)) + max(layers)
        yield Row(f"size, unzipped: {function}", "allowed", size / MB, allowed, "MB", limit=1.0)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
