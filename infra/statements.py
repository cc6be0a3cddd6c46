"""Statements of a policy, as plain data, before the stage is known that they are for."""

from collections.abc import Iterable, Mapping, Sequence

type Statement = Mapping[str, str | Sequence[str]]  # ``{stage}`` in it is the stage's name


def of_stage(statements: Iterable[Statement], stage: str) -> list[dict[str, str | list[str]]]:
    """The statements for ``stage``."""
    return [{name: _of(stage, value) for name, value in statement.items()} for statement in statements]


def listed(value: str | list[str]) -> list[str]:
    """The values of an element of a statement, which may be one alone."""
    return [value] if isinstance(value, str) else value


def _of(stage: str, value: str | Sequence[str]) -> str | list[str]:
    if isinstance(value, str):
        return value.replace("{stage}", stage)
    return [each.replace("{stage}", stage) for each in value]
