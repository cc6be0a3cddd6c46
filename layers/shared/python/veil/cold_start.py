"""What every handler imports first: a start without what it does not need.

No garbage is looked for while a function starts: hundreds of modules are imported, none of which is garbage. Once it
has started, what is there is set aside for good and collection goes on.

And a package that imports all of its parts, of which we use one, brings only that one. Powertools' event handler has
resolvers for AppSync, Bedrock and VPC Lattice, and asyncio with them: a fifth of a start's instructions.
"""

import ast
import gc
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec, resolve_name
from pathlib import Path
from types import ModuleType
from typing import Any

DEFERRED = (
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.data_classes",
)


class _Deferred(ModuleType):
    """A package that gets each name from the part that its ``__init__`` imports it from, when it is first asked for
    it; for a name of its own the ``__init__`` is run.
    """

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        if (name.startswith("__") and name != "__all__") or not (spec and spec.loader and spec.origin):
            raise AttributeError(name)
        if find_spec(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        if part := _imported(spec.origin, self.__name__).get(name):
            value = getattr(import_module(part), name)
            setattr(self, name, value)
            return value
        self.__class__ = ModuleType  # type: ignore[assignment]  # an ordinary one, from now on
        spec.loader.exec_module(self)
        return getattr(self, name)


@cache
def _imported(source: str, package: str) -> dict[str, str]:
    """The module that each name comes from which a package's ``__init__`` imports."""
    imports = [node for node in ast.parse(Path(source).read_bytes()).body if isinstance(node, ast.ImportFrom)]
    return {
        alias.name: resolve_name("." * node.level + (node.module or ""), package)
        for node in imports
        for alias in node.names
        if alias.asname is None
    }


def _defer(name: str) -> None:
    """Put a package in the place of the one of this name, unless that has been imported."""
    if name in sys.modules or (spec := find_spec(name)) is None:
        return
    package = sys.modules[name] = _Deferred(name)
    package.__spec__, package.__loader__, package.__path__ = spec, spec.loader, spec.submodule_search_locations or []
    package.__file__, package.__package__ = spec.origin, name


def started() -> None:
    """Say that all is imported and made; without effect where this module did not begin the process."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


gc.disable()
for each in DEFERRED:
    _defer(each)
