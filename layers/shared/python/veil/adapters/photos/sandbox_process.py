"""The process that `sandbox` starts: it loads the decoders once, and forks for each photo.

A kilobyte can ask a decoder for minutes and gigabytes (a JPEG of a hundred thousand scans, an HEIC of nested layers),
in more ways than a header shows: the bounds are the kernel's, and each fork's own.

Standard input is the function's socket. One fork always waits there for the next request: a content type, with the
descriptor of another socket. From that one it reads the photo to its end, and writes a line of JSON and the JPEG to
it. How the fork ended is then a line of JSON on the function's socket: ``status``, its exit status (or minus the
signal that killed it), and ``output``, the end of what it printed.
"""

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback

from veil.adapters.photos.pillow import PillowReader, heif
from veil.domain.photos import Rejected
from veil.domain.ports import PhotoReader
from veil.domain.uploads import Reason

REQUEST_BYTES = 100
OUTPUT_BYTES = 500
REQUEST_SEEN = b"\0"  # the first byte that a fork prints, once it has a request
PHOTO_SOCKET = 3  # a file descriptor of the fork
# What a JPEG of 5 MB and 24 megapixels takes: itself, a quarter of each side, two steps to 1024.
WARM_BYTES = 20 * 2**20


def serve(reader: PhotoReader, cpu_seconds: int, data_bytes: int) -> None:
    """Until the function ends, or closes its end of the socket."""
    gc.freeze()  # a collection in a fork would write to, and so copy, all that it shares with us
    with socket.socket(fileno=0) as function:
        while True:
            said, says = os.pipe()
            fork = os.fork()
            if not fork:  # what is raised in here ends it with status 1, the traceback in what it said
                _confine(says, cpu_seconds, data_bytes)
                _answer(reader, _request(function))
                os._exit(0)
            os.close(says)
            words = _listen(said, function, fork)
            status = os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
            if not words.startswith(REQUEST_SEEN):  # nor will the next one be
                sys.exit(f"a fork ended with {status} before it was asked")
            ended = {"status": status, "output": words[len(REQUEST_SEEN) :].decode(errors="replace")}
            function.sendall(json.dumps(ended).encode() + b"\n")


def _confine(says: int, cpu_seconds: int, data_bytes: int) -> None:
    """In the fork, before it has a photo: its bounds, and its memory, which the kernel hands out page by page."""
    os.dup2(says, 2)
    os.dup2(2, 1)  # a decoder may print
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    touched = b"\1" * min(WARM_BYTES, data_bytes // 2)
    del touched  # but kept for what comes: `sandbox.MALLOC`


def _request(function: socket.socket) -> str:
    """In the fork: wait for a photo, and answer its type. Nothing but its socket and what it says remains open."""
    content_type, descriptors, *_ = socket.recv_fds(function, REQUEST_BYTES, 1)
    if not content_type:
        sys.exit()
    os.write(2, REQUEST_SEEN)
    os.dup2(descriptors[0], PHOTO_SOCKET)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.closerange(PHOTO_SOCKET + 1, os.sysconf("SC_OPEN_MAX"))
    return content_type.decode()


def _answer(reader: PhotoReader, content_type: str) -> None:
    """In the fork: read the photo, and write what came of it.

    Whatever a decoder raises is a verdict: it would raise it again at each try.
    """
    with open(PHOTO_SOCKET, "rb", buffering=0, closefd=False) as stream:
        data = stream.readall()
    try:
        photo = reader.read(data, content_type)
    except Rejected as rejected:
        result: dict[str, str | int] = {"reason": rejected.reason.value, "defect": False}
        jpeg = b""
    except Exception:  # noqa: BLE001 - told to the function, which logs it
        traceback.print_exc()
        result, jpeg = {"reason": Reason.UNREADABLE_IMAGE.value, "defect": True}, b""
    else:
        result, jpeg = {"width": photo.width, "height": photo.height}, photo.jpeg
    with socket.socket(fileno=PHOTO_SOCKET) as function:
        function.sendall(json.dumps(result).encode() + b"\n" + jpeg)


def _listen(said: int, function: socket.socket, fork: int) -> bytes:
    """The beginning and the end of what the fork says, once it has ended; if the function ends first, so do both."""
    words = b""
    waiting = select.poll()
    waiting.register(said, select.POLLIN)
    waiting.register(function, 0)  # its end alone: what it asks is for the fork
    with open(said, "rb", buffering=0) as pipe:
        while True:
            if any(descriptor != said for descriptor, _ in waiting.poll()):
                os.kill(fork, signal.SIGKILL)
                os.waitpid(fork, 0)
                sys.exit()
            if not (more := pipe.read(2**16)):
                return words
            words += more
            words = words[:1] + words[1:][-OUTPUT_BYTES:]


if __name__ == "__main__":
    max_pixels, min_side, cpu_seconds, data_bytes = map(int, sys.argv[1:])
    heif()
    serve(PillowReader(max_pixels, min_side), cpu_seconds, data_bytes)
