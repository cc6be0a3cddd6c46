"""Loopback ports, remembered: with the same ports again, nothing that was synthesized for them is stale."""

import errno
import json
import socket
from contextlib import ExitStack
from pathlib import Path

from local.processes import LocalError

HOST = "127.0.0.1"


def remembered_ports(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A free port for each name: the one that ``file`` remembers where that is free, else a new one."""
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    with ExitStack() as held:  # all at once, so that no two names get the same one
        listeners = {name: held.enter_context(_listen_or_any(known.get(name, 0))) for name in names}
        ports = {name: int(listener.getsockname()[1]) for name, listener in listeners.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ports))
    return ports


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket that listens on ``port`` of an address of this machine; raise `LocalError` if that can't be."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise LocalError(f"port {port} is not free ({error.strerror}); choose another one with --port") from None
        raise LocalError(f"can't listen on {host}:{port} ({error.strerror}); is {host} this machine's?") from None
    return listener


def _listen_or_any(port: int) -> socket.socket:
    try:
        return listen(port)
    except LocalError:
        return listen(0)
