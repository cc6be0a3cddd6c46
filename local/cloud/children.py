"""The processes of one local cloud: each logs into its folder, all end with it."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from local.processes import Child, clean_environment


class Children(list[Child]):
    """Those that were started, which ``stack`` stops."""

    def __init__(self, stack: ExitStack, logs: Path) -> None:
        super().__init__()
        self._stack, self._logs = stack, logs

    def keep(self, child: Child) -> Child:
        """Let it be one of them."""
        self.append(self._stack.enter_context(child))
        return child

    def start(
        self,
        module: str,
        *arguments: object,
        pass_fds: tuple[int, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Start a module of ours."""
        command = [sys.executable, "-m", module, *arguments]
        log = self._logs / f"{module.rpartition('.')[2]}.log"
        return self.keep(Child(module, command, env=clean_environment(**environment or {}), log=log, pass_fds=pass_fds))
