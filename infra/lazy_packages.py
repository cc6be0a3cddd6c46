"""Packages that import their parts when they are first asked for (PEP 562), written when a layer is built.

Powertools' event handler imports resolvers for AppSync, Bedrock and VPC Lattice, and asyncio with them; its data
classes are thirty kinds of events. A function needs one of each. What a package offers stays the same, and so does
what else its import does.
"""

import ast
from collections.abc import Collection
from importlib.util import resolve_name
from pathlib import Path
from pkgutil import iter_modules

PACKAGES = (
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.data_classes",
)
ON_FIRST_USE = """
_NAMES = {names!r}
_SUBMODULES = {submodules!r}


def __getattr__(name):
    from importlib import import_module

    if name in _NAMES:
        module, attribute = _NAMES[name]
        value = getattr(import_module(module), attribute)
    elif name in _SUBMODULES:
        value = import_module(f"{{__name__}}.{{name}}")
    else:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    globals()[name] = value
    return value


def __dir__():
    return sorted({{*globals(), *_NAMES, *_SUBMODULES}})
"""


class LazyPackageError(Exception):
    """A package can't be made lazy."""


def make_lazy(root: Path) -> None:
    """Rewrite the ``__init__`` of each of `PACKAGES` below ``root``; raises `LazyPackageError` for one that is lazy."""
    for package in PACKAGES:
        folder = root.joinpath(*package.split("."))
        init = folder / "__init__.py"
        submodules = {module.name for module in iter_modules([str(folder)])}
        init.write_text(lazy_source(init.read_text(), package, submodules))


def lazy_source(source: str, package: str, submodules: Collection[str]) -> str:
    """The source of a package's ``__init__``, with what it imports from its own parts imported on first use.

    Two kinds of names are imported at once, as before: those that its other statements use, and those that are a
    submodule's name too, whose place the submodule would take as soon as anybody imports it.
    """
    tree = ast.parse(source)
    own = [node for node in tree.body if isinstance(node, ast.ImportFrom) and _is_own(node, package)]
    others = [node for node in tree.body if node not in own]
    if any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in others):
        raise LazyPackageError(f"{package} has a __getattr__ already")
    at_once = {name.id for node in others for name in ast.walk(node) if isinstance(name, ast.Name)} | {*submodules}
    names: dict[str, tuple[str, str]] = {}
    for node in own:
        late = [alias for alias in node.names if (alias.asname or alias.name) not in at_once]
        names |= {alias.asname or alias.name: (_module(node, package), alias.name) for alias in late}
        node.names = [alias for alias in node.names if alias not in late]
    if "*" in names:
        raise LazyPackageError(f"{package} imports all names of {names['*'][0]}")
    tree.body = [node for node in tree.body if node not in own or node.names]
    return ast.unparse(tree) + "\n" + ON_FIRST_USE.format(names=names, submodules=sorted(submodules))


def _is_own(node: ast.ImportFrom, package: str) -> bool:
    """Whether it imports from the package's own distribution, and not a submodule itself."""
    module = _module(node, package)
    return module != package and module.partition(".")[0] == package.partition(".")[0]


def _module(node: ast.ImportFrom, package: str) -> str:
    return resolve_name("." * node.level + (node.module or ""), package)
