"""What one request's expressions make of one item."""

from typing import Any

from local.simulated import expressions
from local.simulated.expressions import Compiled, Invalid, Item, Scope

type Wire = dict[str, Any]


def scope_of(request: Wire, item: Item | None) -> Scope:
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    return Scope(item or {}, names, values)


def met(compiled: Compiled, request: Wire, item: Item | None) -> bool:
    return compiled.condition is not None and compiled.condition(scope_of(request, item))


def holds(request: Wire, item: Item | None) -> bool:
    """Whether the request's condition holds, having none included; refuses placeholders that nothing uses."""
    used: set[str] = set()
    held = True
    if text := request.get("ConditionExpression"):
        compiled = expressions.condition(text)
        used |= compiled.placeholders
        held = met(compiled, request, item)
    if text := request.get("UpdateExpression"):
        used |= expressions.update(text).placeholders
    require_used(request, used)
    return held


def require_used(request: Wire, used: set[str]) -> None:
    given = request.get("ExpressionAttributeNames", {}).keys() | request.get("ExpressionAttributeValues", {}).keys()
    if given != used:
        raise Invalid(f"unused or undefined in expressions: {sorted(given ^ used)}")


def updated(request: Wire, before: Item | None) -> Item:
    """The item after an update; every operand is of the item before it."""
    compiled = expressions.update(request["UpdateExpression"])
    scope = scope_of(request, before)
    paths = [tuple(scope.path(path)) for path in (*(path for path, _ in compiled.sets), *compiled.removes)]
    if any(a[: len(b)] == b for i, a in enumerate(paths) for j, b in enumerate(paths) if i != j):
        raise Invalid("Two document paths overlap with each other")
    values = [operand(scope) for _, operand in compiled.sets]
    after: dict[str, Any] = {**request["Key"], **(before or {})}
    for path, value in zip(paths, values, strict=False):
        _assign(after, list(path), value)
    for path in paths[len(values) :]:
        _assign(after, list(path), None)
    return after


def _assign(item: dict[str, Any], path: list[str], value: Any) -> None:
    """Set or, with None, remove what stands at ``path``; the maps on the way are copied, since others share them."""
    name, *rest = path
    if not rest:
        if value is None:
            item.pop(name, None)
        else:
            item[name] = value
        return
    if "M" not in item.get(name, {}):
        raise Invalid("The document path provided in the update expression is invalid for update")
    inner = dict(item[name]["M"])
    _assign(inner, rest, value)
    item[name] = {"M": inner}
