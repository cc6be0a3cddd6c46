"""ComfyUI's folders ``input`` and ``output``: they outlive a restart."""

import zlib
from dataclasses import dataclass, field
from itertools import count
from posixpath import basename, dirname

_PNG_HEADER = 33  # the signature and IHDR, behind which the texts stand


@dataclass(frozen=True)
class Name:
    """Of one file; ``type`` is its folder."""

    filename: str
    subfolder: str
    type: str

    @property
    def path(self) -> str:
        """As a node names it."""
        return f"{self.subfolder}/{self.filename}" if self.subfolder else self.filename


@dataclass
class Files:
    """Kept in memory."""

    data: dict[Name, bytes] = field(default_factory=dict)

    def upload(self, filename: str, subfolder: str, data: bytes) -> Name:
        """Under its name, or, where another file has that, with a number behind it."""
        stem, dot, ending = filename.rpartition(".")
        names = (filename if not i else f"{stem} ({i}){dot}{ending}" for i in count())
        name = next(name for each in names if self.data.get(name := Name(each, subfolder, "input"), data) == data)
        self.data[name] = data
        return name

    def save(self, prefix: str, data: bytes) -> Name:
        """An output, numbered."""
        subfolder, stem = dirname(prefix), basename(prefix)
        names = (Name(f"{stem}_{i:05}_.png", subfolder, "output") for i in count(1))
        name = next(name for name in names if name not in self.data)
        self.data[name] = data
        return name

    def photo(self, path: str) -> bytes:
        return next(data for name, data in self.data.items() if name.type == "input" and name.path == path)

    @property
    def photos(self) -> set[str]:
        return {name.path for name in self.data if name.type == "input"}


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """The PNG with a tEXt chunk, as ComfyUI writes the workflow into what it saves."""
    body = b"tEXt" + keyword.encode() + b"\0" + text.encode("latin-1")
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return png[:_PNG_HEADER] + chunk + png[_PNG_HEADER:]
