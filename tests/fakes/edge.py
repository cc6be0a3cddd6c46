"""What the edge was told to forget."""

from veil.domain.delivery import EdgeCache


class MemoryEdge(EdgeCache):
    def __init__(self) -> None:
        self.forgotten: list[tuple[str, str]] = []

    def forget(self, folder: str, reason: str) -> None:
        self.forgotten.append((folder, reason))
