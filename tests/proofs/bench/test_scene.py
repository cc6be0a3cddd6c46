"""The place where single requests are measured: the deployed functions do their job there."""

from pathlib import Path

from proofs.bench.scene import scene


def test_a_generation_is_started_and_its_images_are_called_back(tmp_path: Path) -> None:
    with scene(tmp_path) as services:
        assert len(services.webhooks(4)) == 4
