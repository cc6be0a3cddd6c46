"""A matcher that says what it is told of each output."""

from veil.domain.likeness import FaceComparison
from veil.domain.ports import FaceMatcher

LIKE, STRANGER = FaceComparison(faces=1, similarity=97.6), FaceComparison(faces=1, similarity=12.0)


class FakeMatcher(FaceMatcher):
    """Answers ``found`` of an output's bytes, else ``usual``; an exception is raised. ``asked`` are the photo's key and
    the bytes of each call.
    """

    name = "fake"

    def __init__(self) -> None:
        self.usual: FaceComparison | Exception = LIKE
        self.found: dict[bytes, FaceComparison | Exception] = {}
        self.asked: list[tuple[str, bytes]] = []

    def compare(self, source_key: str, data: bytes, content_type: str) -> FaceComparison:
        self.asked.append((source_key, data))
        answer = self.found.get(data, self.usual)
        if isinstance(answer, Exception):
            raise answer
        return answer
