"""The layers: our own package, and the third-party ones, grouped by the functions that need them."""

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import bundling
from infra.function_table import FUNCTIONS
from infra.names import pascal

THIRD_PARTY = sorted({layer for spec in FUNCTIONS.values() for layer in spec.layers} - {"shared"})
ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


class Layers(Construct):
    """Every layer, for one architecture and the system that runs the functions."""

    def __init__(self, scope: Construct, name: str, *, stage: str, architecture: str, system: str) -> None:
        super().__init__(scope, name)
        self.architecture = ARCHITECTURES[architecture]
        built = {layer: bundling.third_party_layer(layer, architecture, system) for layer in THIRD_PARTY}
        built["shared"] = bundling.shared_layer()
        self._layers = {layer: self._layer(layer, folder, stage) for layer, folder in built.items()}

    def of(self, names: Sequence[str]) -> list[lambda_.ILayerVersion]:
        """The layers of these names."""
        return [self._layers[name] for name in names]

    def _layer(self, name: str, folder: Path, stage: str) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            pascal(name),
            layer_version_name=f"veil-{stage}-{name}",
            code=lambda_.Code.from_asset(str(folder), asset_hash=bundling.digest(folder)),
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
            compatible_architectures=[self.architecture],
        )
