"""A workflow in API format: held against its nodes' inputs, with ComfyUI's refusals; and what it asks for.

``nodes.json`` has of each class its inputs, the types of its outputs and whether it saves. Stricter than ComfyUI in one
way: an input that its node does not have is refused, so that a misspelt one is found here.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("nodes.json").read_text())
NODES: dict[str, dict[str, Any]] = _KNOWN["nodes"]
WEIGHTS: dict[str, list[str]] = _KNOWN["weights"]
_PLAIN: dict[str, tuple[type, ...]] = {"INT": (int,), "FLOAT": (int, float), "STRING": (str,)}
type Graph = dict[str, dict[str, Any]]
type Problem = dict[str, Any]


@dataclass(frozen=True)
class Refusal(Exception):
    """The body of ComfyUI's 400."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a workflow asks for; ``saver`` is the node that saves it, under names that begin with ``prefix``."""

    photo: str
    prompt: str
    seed: int
    width: int
    height: int
    prefix: str
    saver: str


def asked_of(graph: Graph) -> Asked:
    """Of a graph that was validated."""
    inputs = [node["inputs"] for node in graph.values()]
    saver = next(name for name, node in graph.items() if NODES[node["class_type"]].get("saves"))
    sized = _first(inputs, "width", "height")
    return Asked(
        photo=_first(inputs, "image", photo=True)["image"],
        prompt=next((words for given in inputs if (words := given.get("prompt") or given.get("text"))), ""),
        seed=next((seed for given in inputs if (seed := given.get("seed", given.get("noise_seed"))) is not None), 0),
        width=sized.get("width", 1024),
        height=sized.get("height", 1024),
        prefix=graph[saver]["inputs"]["filename_prefix"],
        saver=saver,
    )


def _first(inputs: list[dict[str, Any]], *names: str, photo: bool = False) -> dict[str, Any]:
    found = (given for given in inputs if all(name in given for name in names))
    return next((given for given in found if not photo or isinstance(given["image"], str)), dict.fromkeys(names, ""))


def validate(graph: object, photos: Collection[str], weights: Mapping[str, Collection[str]]) -> None:
    """Raise `Refusal` for what ComfyUI would not queue; ``photos`` and ``weights`` are the files that it has."""
    if not isinstance(graph, dict):
        raise _refused("no_prompt", "No prompt provided", "")
    for name, node in graph.items():
        if not isinstance(node, dict) or node.get("class_type") not in NODES:
            found = node.get("class_type") if isinstance(node, dict) else None
            raise _refused(
                "invalid_prompt", f"Cannot execute because node {found} does not exist.", f"Node ID '#{name}'"
            )
    if not any(NODES[node["class_type"]].get("saves") for node in graph.values()):
        raise _refused("prompt_no_outputs", "Prompt has no outputs", "")
    errors = {name: found for name in graph if (found := list(_problems(graph, name, photos, weights)))}
    if errors:
        nodes = {
            name: {"errors": found, "dependent_outputs": [], "class_type": graph[name]["class_type"]}
            for name, found in errors.items()
        }
        raise _refused("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", nodes)


def _problems(
    graph: Graph, name: str, photos: Collection[str], weights: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    node = NODES[graph[name]["class_type"]]
    given, required = graph[name].get("inputs", {}), node["inputs"]
    wanted = required | node.get("optional", {})
    for missing in required.keys() - given.keys():
        yield _problem("required_input_missing", "Required input is missing", missing)
    for unknown in given.keys() - wanted.keys():
        yield _problem("unknown_input", "Its node has no such input", unknown)
    for each in given.keys() & wanted.keys():
        kind, value = wanted[each], given[each]
        if isinstance(value, list):
            yield from _link(graph, each, kind, value)
        elif kind == "photo":
            if value not in photos:
                details = f"{each} - Invalid image file: {value}"
                yield _problem("custom_validation_failed", "Custom validation failed for node", details)
        elif isinstance(kind, list) or kind.startswith("weights/"):
            choices = kind if isinstance(kind, list) else weights.get(kind.partition("/")[2], ())
            if value not in choices:
                yield _problem("value_not_in_list", "Value not in list", f"{each}: '{value}' not in {list(choices)}")
        elif kind not in _PLAIN or not isinstance(value, _PLAIN[kind]):
            yield _problem("invalid_input_type", f"Failed to convert an input value to a {kind} value", each)


def _link(graph: Graph, name: str, kind: str, value: list[Any]) -> Iterator[Problem]:
    source = graph.get(value[0]) if len(value) == 2 else None
    outputs = NODES[source["class_type"]]["outputs"] if source else []
    if not source or not isinstance(value[1], int) or not 0 <= value[1] < len(outputs):
        yield _problem("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", name)
    elif outputs[value[1]] != kind:
        details = f"{name}, received_type({outputs[value[1]]}) mismatch input_type({kind})"
        yield _problem("return_type_mismatch", "Return type mismatch between linked nodes", details)


def _problem(kind: str, message: str, details: str) -> Problem:
    return {"type": kind, "message": message, "details": details, "extra_info": {}}


def _refused(kind: str, message: str, details: str, nodes: dict[str, Any] | None = None) -> Refusal:
    return Refusal({"error": _problem(kind, message, details), "node_errors": nodes or {}})
