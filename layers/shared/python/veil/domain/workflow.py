"""Workflows of ComfyUI, as its API takes them: ``workflows/*.json``, with a placeholder wherever an attempt differs.

Each is a graph, by node: its class and its inputs, of which ``["7", 0]`` is the first output of node 7.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PROMPT, SEED = "<prompt>", "<seed>"  # known to the catalogue
PHOTO, NAME = "<photo>", "<name>"  # known to who starts it: the asset, and how its outputs' files begin
_FOLDER = Path(__file__).with_name("workflows")


def workflow(name: str, prompt: str, seed: int) -> dict[str, Any]:
    """The workflow of this name, with this prompt and seed."""
    written: dict[str, Any] = filled(_read(name), {PROMPT: prompt, SEED: seed})
    return written


def filled(graph: Any, values: Mapping[str, object]) -> Any:
    """A copy of ``graph``, each placeholder replaced by its value. What is part of a text is no placeholder."""
    if isinstance(graph, dict):
        return {key: filled(value, values) for key, value in graph.items()}
    if isinstance(graph, list):
        return [filled(value, values) for value in graph]
    return values.get(graph, graph) if isinstance(graph, str) else graph


@cache
def _read(name: str) -> dict[str, Any]:
    graph: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return graph
