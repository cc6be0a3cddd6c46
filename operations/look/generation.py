"""One generation: whose it is, every attempt at its images, its credits, its objects, and what happens next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from operations.audit.finding import utc
from operations.errors import OperationError
from operations.look.logs import LogLine
from operations.look.next_step import next_step
from operations.stage import Stage
from veil.adapters.aws.client import aws_errors
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.adapters.dynamodb.table import Table
from veil.domain.credits import Entry
from veil.domain.deadlines import Policy
from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.ids import earliest_id
from veil.domain.likeness import Likeness
from veil.domain.ports import Clock
from veil.settings import SweeperSettings


@dataclass(frozen=True)
class SeenGeneration:
    """``hashed`` is what the log calls its user; ``objects`` are the keys of its photo and of its images' that are
    there; ``entries`` are the ledger's lines of it, oldest first; ``logs`` is None where they were not asked for.
    """

    generation: Generation
    hashed: str
    entries: Sequence[Entry]
    objects: frozenset[str]
    next: str
    logs: Sequence[LogLine] | None = None

    def with_logs(self, lines: Sequence[LogLine]) -> Self:
        return replace(self, logs=lines)

    def as_json(self) -> dict[str, Any]:
        one = self.generation
        return {
            "id": one.id,
            "user": one.user,
            "user_in_logs": self.hashed,
            "status": one.status.value,
            "deleted": one.deleted,
            "style": one.style,
            "role": one.role,
            "created_at": utc(one.created_at),
            "finished_at": _time(one.finished_at),
            "selected": one.selected,
            "compares_faces": one.face_consent is not None,
            "cost_usd": str(one.cost),
            "credits": self._credits,
            "upload_id": one.upload_id,
            "photo_there": one.input_key in self.objects,
            "images": [self._image(image) for image in one.images],
            "entries": [_entry(entry) for entry in self.entries],
            "due_at": _time(one.due_at),
            "next": self.next,
            **({} if self.logs is None else {"logs": [line.as_json() for line in self.logs]}),
        }

    @property
    def _credits(self) -> dict[str, int]:
        one = self.generation
        captured, refunded = (one.credits_in(status) for status in (ImageStatus.STORED, ImageStatus.REFUNDED))
        return {"reserved": one.reserved, "held": one.held, "captured": captured, "refunded": refunded}

    def _image(self, image: Image) -> dict[str, Any]:
        attempts = [_attempt(image, number, attempt) for number, attempt in sorted(image.attempts.items())]
        output = image.output
        return {
            "index": image.index,
            "status": image.status.value,
            "attempt": image.attempt,
            "failures": image.failures,
            "error": image.error,
            "started_at": _time(image.started_at),
            "settled_at": _time(image.settled_at),
            "size": output.size if output else None,
            "content_type": output.content_type if output else None,
            "pixels": [output.width, output.height] if output else None,
            "likeness": _likeness(output.likeness) if output else None,
            "object_there": self.generation.result_key(image.index) in self.objects,
            "attempts": attempts,
        }

    def lines(self) -> Iterator[str]:
        seen = self.as_json()
        deleted = ", deleted by its user" if seen["deleted"] else ""
        role = f", {seen['role']}" if seen["role"] else ""
        yield f"generation {seen['id']}: {seen['status']}{deleted}, {seen['style']}{role}"
        yield f"  user {seen['user']}, in logs {self.hashed}"
        yield f"  created {seen['created_at']}, {_ended(seen)}"
        yield f"  credits: {', '.join(f'{count} {what}' for what, count in self._credits.items())}"
        yield f"  cost at providers: USD {seen['cost_usd']}"
        yield f"  upload {seen['upload_id']}: the checked photo is {_there(seen['photo_there'])}"
        yield f"  faces are {'compared' if seen['compares_faces'] else 'not compared'}"
        for image in seen["images"]:
            yield from _image_lines(image)
        for entry in seen["entries"]:
            yield f"entry {entry['at']}: {entry['kind']} {entry['amount']:+}"
        yield f"on the work list for {seen['due_at']}" if seen["due_at"] else "off the work list"
        yield f"next: {self.next}"
        if self.logs is not None:
            yield from map(str, self.logs)
            yield f"{len(self.logs)} lines of the log"


def look_at(stage: Stage, user: str, generation_id: str, hashed: str, clock: Clock) -> SeenGeneration:
    """Read all of it. Raises `OperationError` where the user has no such generation, `StorageUnavailable`, and what
    AWS refuses as botocore does.
    """
    table = Table(stage.client("dynamodb"), stage.table)
    generations = DynamoGenerations(table)
    found = generations.get(user, generation_id) or generations.deleted(user, generation_id)
    if found is None:
        raise OperationError(f"user {user} has no generation {generation_id}")
    return SeenGeneration(
        generation=found,
        hashed=hashed,
        entries=_entries(table, found),
        objects=_objects(stage, found),
        next=next_step(found, _policy(stage), clock()),
    )


def _entries(table: Table, generation: Generation) -> list[Entry]:
    """None is older than the generation; ids sort by time."""
    first = items.entry_sort(earliest_id(generation.created_at - 1))
    found = table.between(generation.user, first, items.entry_sort("~"))
    return [items.entry_from_item(item) for item in found if item["reference"] == generation.id]


def _objects(stage: Stage, generation: Generation) -> frozenset[str]:
    """By their names alone: nobody looks at a photo to see that it is there."""
    s3, found = stage.client("s3"), set[str]()
    with aws_errors():
        for prefix in (generation.input_key, f"{generation.result_folder}/"):
            page = s3.list_objects_v2(Bucket=stage.bucket, Prefix=prefix)
            found |= {one["Key"] for one in page.get("Contents", [])}
    return frozenset(found)


def _policy(stage: Stage) -> Policy:
    """As the sweep was deployed."""
    settings = SweeperSettings.load(stage.settings("sweeper"))
    return Policy(
        settings.max_attempts, settings.prediction_timeout_seconds, settings.due_seconds, settings.unlike_retries
    )


def _attempt(image: Image, number: int, attempt: Attempt) -> dict[str, Any]:
    unlike = image.unlike.get(number)
    return {
        "number": number,
        "provider": attempt.provider,
        "model": attempt.model,
        "prediction_id": attempt.prediction_id,
        "price_usd": str(attempt.price),
        "seed": attempt.seed,
        "refused": attempt.refused,
        "unlike": _likeness(unlike),
    }


def _likeness(found: Likeness | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    return {"matcher": found.matcher, "threshold": found.threshold, "score": found.score, "faces": found.faces}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"at": utc(entry.created_at), "kind": entry.kind.value, "amount": entry.amount}


def _image_lines(image: Mapping[str, Any]) -> Iterator[str]:
    error = f" because of {image['error']}" if image["error"] else ""
    running = f", attempt {image['attempt']} since {image['started_at']}" if image["status"] == "running" else ""
    yield f"image {image['index']}: {image['status']}{error}{running}, {image['failures']} attempts failed"
    for attempt in image["attempts"]:
        yield f"  attempt {attempt['number']}: {_told(attempt)}{_score('showed somebody else', attempt['unlike'])}"
    if image["pixels"]:
        width, height = image["pixels"]
        about = f"{width} × {height}, {image['content_type']}, {image['size']:,} bytes"
        yield f"  stored: {about}{_score('likeness', image['likeness'])}"
    yield f"  its object is {_there(image['object_there'])}"


def _told(attempt: Mapping[str, Any]) -> str:
    without = "none: its start was refused" if attempt["refused"] else "not known: its answer did not come"
    prediction = attempt["prediction_id"] or without
    seed = "" if attempt["seed"] is None else f", seed {attempt['seed']}"
    return f"{attempt['model']} by {attempt['provider']}, USD {attempt['price_usd']}, prediction {prediction}{seed}"


def _score(what: str, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    if found["score"] is None:
        return f"; {what}: not comparable"
    return f"; {what}: {found['score']} of the {found['threshold']} that it needs, {found['faces']} faces"


def _ended(seen: Mapping[str, Any]) -> str:
    return f"finished {seen['finished_at']}" if seen["finished_at"] else "not finished"


def _there(there: bool) -> str:
    return "there" if there else "not there"


def _time(at: float | None) -> str | None:
    return None if at is None else utc(at)
