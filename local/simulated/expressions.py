"""DynamoDB's expressions: conditions and updates, compiled once for each text.

Only what is understood passes; anything else raises `Unsupported`, so that a simulation never guesses.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

type Item = Mapping[str, Any]  # attribute → typed value, as on the wire: {"S": "text"}
type Condition = Callable[["Scope"], bool]
type Operand = Callable[["Scope"], Any]
type Path = tuple[str, ...]

TOKEN = re.compile(r"\s*(?:([#:]?\w+)|(<=|>=|<>|[=<>(),.+-]))")


class Unsupported(Exception):
    """Something that this simulation does not know."""


class Invalid(Exception):
    """An expression that DynamoDB refuses: its ValidationException."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is evaluated in."""

    item: Item
    names: Mapping[str, str]
    values: Mapping[str, Any]

    def path(self, path: Path) -> list[str]:
        return [self.names[part] if part.startswith("#") else part for part in path]


@dataclass(slots=True)
class Compiled:
    """``placeholders`` are all that the text uses; ``equals`` the paths that a condition's outer level sets equal."""

    condition: Condition | None = None
    sets: list[tuple[Path, Operand]] = field(default_factory=list)
    removes: list[Path] = field(default_factory=list)
    placeholders: set[str] = field(default_factory=set)
    equals: dict[Path, str] = field(default_factory=dict)


def sortable(value: Any) -> tuple[str, Any]:
    """A typed value as something that compares as DynamoDB does within one type."""
    ((kind, raw),) = value.items()
    return kind, Decimal(raw) if kind == "N" else raw


def get(item: Item, path: list[str]) -> Any:
    """The typed value at a document path; None where there is none."""
    found: Any = {"M": item}
    for part in path:
        found = found.get("M", {}).get(part) if found else None
    return found


@cache
def condition(text: str) -> Compiled:
    """A condition, key condition or filter."""
    parser = _Parser(text)
    parser.compiled.condition = parser.disjunction()
    parser.end()
    return parser.compiled


@cache
def update(text: str) -> Compiled:
    """An update of SET and REMOVE clauses."""
    parser = _Parser(text)
    while not parser.done:
        clause = parser.word().upper()
        if clause == "SET":
            parser.listed(parser.assignment)
        elif clause == "REMOVE":
            parser.listed(lambda: parser.compiled.removes.append(parser.path()))
        else:
            raise Unsupported(text)
    return parser.compiled


class _Parser:
    def __init__(self, text: str) -> None:
        self.compiled = Compiled()
        self._text = text
        self._tokens: list[str] = [name or sign for name, sign in TOKEN.findall(text)]
        if "".join(self._tokens) != re.sub(r"\s", "", text):
            raise Unsupported(text)
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def end(self) -> None:
        if not self.done:
            raise Unsupported(self._text)

    def word(self) -> str:
        if self.done:
            raise Unsupported(self._text)
        self._at += 1
        return self._tokens[self._at - 1]

    def take(self, *words: str) -> str | None:
        """The next word where it is one of these."""
        if self.done or self._tokens[self._at].upper() not in words:
            return None
        return self.word().upper()

    def need(self, *words: str) -> str:
        found = self.take(*words)
        if found is None:
            raise Unsupported(self._text)
        return found

    def listed(self, one: Callable[[], object]) -> None:
        one()
        while self.take(","):
            one()

    def path(self) -> Path:
        parts = [self.word()]
        while self.take("."):
            parts.append(self.word())
        self.compiled.placeholders.update(part for part in parts if part.startswith("#"))
        return tuple(parts)

    def value(self) -> str:
        name = self.word()
        if not name.startswith(":"):
            raise Unsupported(self._text)
        self.compiled.placeholders.add(name)
        return name

    def disjunction(self) -> Condition:
        either = [self.conjunction()]
        while self.take("OR"):
            either.append(self.conjunction())
            self.compiled.equals.clear()
        return either[0] if len(either) == 1 else lambda scope: any(one(scope) for one in either)

    def conjunction(self) -> Condition:
        every = [self.negation()]
        while self.take("AND"):
            every.append(self.negation())
        return every[0] if len(every) == 1 else lambda scope: all(one(scope) for one in every)

    def negation(self) -> Condition:
        if self.take("NOT"):
            negated = self.negation()
            return lambda scope: not negated(scope)
        if self.take("("):
            inner = self.disjunction()
            self.need(")")
            return inner
        if self.take("ATTRIBUTE_EXISTS"):
            found = self._argument()
            return lambda scope: get(scope.item, scope.path(found)) is not None
        if self.take("ATTRIBUTE_NOT_EXISTS"):
            missing = self._argument()
            return lambda scope: get(scope.item, scope.path(missing)) is None
        return self._comparison()

    def _argument(self) -> Path:
        self.need("(")
        path = self.path()
        self.need(")")
        return path

    def _comparison(self) -> Condition:
        path = self.path()
        sign = self.need("=", "<", "<=", ">", ">=", "BETWEEN", "IN")
        if sign == "IN":
            self.need("(")
            allowed: list[str] = []
            self.listed(lambda: allowed.append(self.value()))
            self.need(")")
            return lambda scope: _compared(scope, path, lambda v: any(v == sortable(scope.values[a]) for a in allowed))
        first = self.value()
        if sign == "BETWEEN":
            self.need("AND")
            last = self.value()
            return lambda scope: _compared(
                scope, path, lambda v: sortable(scope.values[first]) <= v <= sortable(scope.values[last])
            )
        if sign == "=":
            self.compiled.equals[path] = first
        compare = COMPARISONS[sign]
        return lambda scope: _compared(scope, path, lambda v: compare(v, sortable(scope.values[first])))

    def assignment(self) -> None:
        path = self.path()
        self.need("=")
        left = self._operand()
        sign = self.take("+", "-")
        if sign is None:
            self.compiled.sets.append((path, left))
            return
        right, factor = self._operand(), 1 if sign == "+" else -1
        self.compiled.sets.append((path, lambda scope: _sum(left(scope), right(scope), factor)))

    def _operand(self) -> Operand:
        if self.take("IF_NOT_EXISTS"):
            self.need("(")
            path = self.path()
            self.need(",")
            otherwise = self._operand()
            self.need(")")
            return lambda scope: get(scope.item, scope.path(path)) or otherwise(scope)
        if not self.done and self._tokens[self._at].startswith(":"):
            name = self.value()
            return lambda scope: scope.values[name]
        path = self.path()
        return lambda scope: _present(get(scope.item, scope.path(path)))


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a[0] == b[0] and a < b,
    "<=": lambda a, b: a[0] == b[0] and a <= b,
    ">": lambda a, b: a[0] == b[0] and a > b,
    ">=": lambda a, b: a[0] == b[0] and a >= b,
}


def _compared(scope: Scope, path: Path, holds: Callable[[Any], bool]) -> bool:
    found = get(scope.item, scope.path(path))
    return found is not None and holds(sortable(found))


def _present(value: Any) -> Any:
    if value is None:
        raise Invalid("The provided expression refers to an attribute that does not exist in the item")
    return value


def _sum(left: Any, right: Any, factor: int) -> dict[str, str]:
    if not ("N" in left and "N" in right):
        raise Invalid("An operand in the update expression has an incorrect data type")
    total = Decimal(left["N"]) + factor * Decimal(right["N"])
    return {"N": format(total.normalize(), "f")}
