"""The domain's objects as items of the table, and the items' keys."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from veil.adapters.dynamodb.encoding import number, to_item
from veil.domain.consents import Consent, ConsentKind, Consents
from veil.domain.credits import Entry, EntryKind, welcome_day
from veil.domain.generation import Attempt, Generation, Image, ImageError, ImageStatus, StoredOutput
from veil.domain.likeness import Likeness
from veil.domain.ports import IdempotencyRecord, WorkItem, WorkKind
from veil.domain.styles import Role
from veil.domain.uploads import Reason, Upload, UploadStatus

CREDITS = "CREDITS"
SUBSCRIPTION = "SUBSCRIPTION"
FORMER_SECONDS = 365 * 24 * 3600  # how long it is remembered who has left
CONSENTS = "CONSENTS"  # the last decision of each kind, in one item: whoever needs several pays for one
ERASURE = "ERASURE"
EVENT = "EVENT"
SHARDS = 4  # of the work list: each takes 1000 writes a second


def partition(user: str) -> str:
    return f"USER#{user}"


def key(user: str, sort: str) -> dict[str, Any]:
    """A whole key, on the wire."""
    return to_item({"pk": partition(user), "sk": sort})


def whole_key(pk: str, sk: str) -> dict[str, Any]:
    """A whole key of any partition, on the wire."""
    return to_item({"pk": pk, "sk": sk})


def generation_sort(generation_id: str) -> str:
    return f"GENERATION#{generation_id}"


def deleted_sort(generation_id: str) -> str:
    """Where a deleted generation stands: beside those that are listed, so that a page of them costs a page."""
    return f"DELETED#{generation_id}"


def sort_of(generation: Generation) -> str:
    return deleted_sort(generation.id) if generation.deleted else generation_sort(generation.id)


def entry_sort(entry_id: str) -> str:
    return f"ENTRY#{entry_id}"


def upload_sort(upload_id: str) -> str:
    return f"UPLOAD#{upload_id}"


def idempotency_sort(idempotency_key: str) -> str:
    return f"IDEMPOTENCY#{idempotency_key}"


def reference_sort(reference: str) -> str:
    return f"REFERENCE#{reference}"


def consent_sort(consent: Consent) -> str:
    return f"CONSENT#{consent.kind}#{consent.id}"


def rate_sort(name: str, start: int) -> str:
    return f"RATE#{name}#{start}"


def order_sort(order_id: str) -> str:
    return f"ORDER#{order_id}"


def refund_sort(refund_id: str) -> str:
    return f"REFUND#{refund_id}"


def order_key_sort(idempotency_key: str) -> str:
    """An order's idempotency key: apart from those of generations."""
    return f"ORDER_KEY#{idempotency_key}"


def pointer(order_id: str) -> tuple[str, str]:
    """The whole key of what tells whose an order is: in a partition of its own, which outlives the user's."""
    return f"ORDER#{order_id}", "POINTER"


def former(user_hash: str) -> tuple[str, str]:
    """The whole key of what remembers somebody who has left, by the keyed hash of their id."""
    return f"FORMER#{user_hash}", "FORMER"


def former_to_item(user_hash: str, now: float) -> dict[str, Any]:
    """Who leaves takes their welcome along: for a year, an account of the same id opens without one."""
    pk, sk = former(user_hash)
    return {"pk": pk, "sk": sk, "created_at": number(now), "expires_at": int(now + FORMER_SECONDS)}


def welcomes(day: str) -> tuple[str, str]:
    """The whole key of the counter of what newcomers were granted on a day."""
    return f"WELCOMES#{day}", "WELCOMES"


def welcome_due(account: Mapping[str, Any], now: float) -> bool:
    """Whether an account's welcome is owed since an earlier day."""
    day = welcome_day(now)
    return str(account.get("welcome_owed", day)) < day


def receipt_key(receipt: str) -> tuple[str, str]:
    """The whole key of what is told of an erasure, to whoever has its receipt."""
    return f"ERASURE#{receipt}", "RECEIPT"


def tombstone_key(hashed: str) -> tuple[str, str]:
    """The whole key of what says, without a name, who has left: a restored table is erased again by it."""
    return f"ERASED#{hashed}", "TOMBSTONE"


def retained_key(retained_id: str) -> tuple[str, str]:
    """The whole key of an order that the law keeps, and nobody's name with it."""
    return f"RETAINED#{retained_id}", "RETAINED"


def event_key(event_id: str) -> tuple[str, str]:
    """The whole key of an event that is to be told: in a partition of its own, which outlives the user's."""
    return f"EVENT#{event_id}", EVENT


def work_item(item: Mapping[str, Any]) -> WorkItem:
    """What an item of the work index stands for."""
    if item["sk"] == EVENT:
        return WorkItem.of_event(item["pk"].removeprefix("EVENT#"), float(item["due_at"]))
    kind, _, id_ = item["sk"].partition("#")
    return WorkItem(WorkKind(kind.lower()), item["pk"].removeprefix("USER#"), id_, float(item["due_at"]))


def work_key(item: WorkItem) -> tuple[str, str]:
    """The whole key of what it stands for."""
    if item.kind is WorkKind.EVENT:
        return event_key(item.id)
    return partition(item.user), f"{item.kind.upper()}#{item.id}" if item.id else item.kind.upper()


def shard_of(generation_id: str) -> str:
    return str(crc32(generation_id.encode()) % SHARDS)


def _time(item: Mapping[str, Any], name: str) -> float | None:
    return float(item[name]) if name in item else None


def generation_to_item(generation: Generation) -> dict[str, Any]:
    """A new generation's item; its images are all queued."""
    work = {} if generation.due_at is None else work_attributes(generation.id, generation.due_at)
    return {
        "pk": partition(generation.user),
        "sk": generation_sort(generation.id),
        "style": generation.style,
        **({} if generation.role is None else {"role": generation.role}),
        "model": generation.model,
        "upload_id": generation.upload_id,
        "created_at": number(generation.created_at),
        "credits_per_image": generation.credits_per_image,
        "cost": generation.cost,
        "face_consent": generation.face_consent,
        "announces": generation.announces,
        "images": {str(image.index): _image_to_map(image) for image in generation.images},
        **work,
    }


def work_attributes(id_: str, due_at: float) -> dict[str, Any]:
    """What puts an item on the work list."""
    return {"work_shard": shard_of(id_), "due_at": number(due_at)}


def _image_to_map(image: Image) -> dict[str, Any]:
    return {"status": image.status, "attempt": image.attempt, "failures": image.failures, "attempts": {}}


def attempt_to_map(attempt: Attempt) -> dict[str, Any]:
    known = {"prediction_id": attempt.prediction_id, "seed": attempt.seed}
    started = {"provider": attempt.provider, "model": attempt.model, "price": attempt.price}
    return started | {name: value for name, value in known.items() if value is not None}


def _attempt_from_map(attempt: Mapping[str, Any]) -> Attempt:
    """One that an earlier version wrote has no seed; what a later one adds is left alone."""
    return Attempt(
        provider=attempt["provider"],
        model=attempt["model"],
        price=attempt["price"],
        prediction_id=attempt.get("prediction_id"),
        seed=int(attempt["seed"]) if "seed" in attempt else None,
        refused=bool(attempt.get("refused", False)),
    )


def generation_from_item(item: Mapping[str, Any]) -> Generation:
    kind, _, id_ = item["sk"].partition("#")
    images = sorted((int(index), image) for index, image in item["images"].items())
    return Generation(
        user=item["pk"].removeprefix("USER#"),
        id=id_,
        style=item["style"],
        model=item["model"],
        upload_id=item["upload_id"],
        created_at=float(item["created_at"]),
        images=tuple(_image_from_map(index, image) for index, image in images),
        credits_per_image=int(item["credits_per_image"]),
        cost=item["cost"],
        selected=int(item["selected"]) if "selected" in item else None,
        due_at=_time(item, "due_at"),
        deleted=kind == "DELETED",
        face_consent=item.get("face_consent"),
        role=Role(item["role"]) if "role" in item else None,
        announces=bool(item.get("announces", False)),
        announced_at=_time(item, "announced_at"),
    )


def _image_from_map(index: int, image: Mapping[str, Any]) -> Image:
    return Image(
        index=index,
        status=ImageStatus(image["status"]),
        attempt=int(image["attempt"]),
        failures=int(image["failures"]),
        started_at=_time(image, "started_at"),
        attempts={int(number): _attempt_from_map(attempt) for number, attempt in image["attempts"].items()},
        output=_output_from_map(image["output"]) if "output" in image else None,
        error=ImageError(image["error"]) if "error" in image else None,
        settled_at=_time(image, "settled_at"),
        unlike={int(number): likeness_from_map(found) for number, found in image.get("unlike", {}).items()},
    )


def unlike_to_map(unlike: Mapping[int, Likeness]) -> dict[str, Any]:
    return {str(attempt): likeness_to_map(found) for attempt, found in unlike.items()}


def likeness_to_map(likeness: Likeness) -> dict[str, Any]:
    found = {name: getattr(likeness, name) for name in Likeness.__slots__}
    return {name: value for name, value in found.items() if value is not None}


def likeness_from_map(found: Mapping[str, Any]) -> Likeness:
    numbers = {name: int(found[name]) for name in ("threshold", "score", "faces") if name in found}
    return Likeness(matcher=found["matcher"], **numbers)


def output_to_map(output: StoredOutput) -> dict[str, Any]:
    found = {name: getattr(output, name) for name in StoredOutput.__slots__ if name != "likeness"}
    return found if output.likeness is None else {**found, "likeness": likeness_to_map(output.likeness)}


def _output_from_map(output: Mapping[str, Any]) -> StoredOutput:
    return StoredOutput(
        size=int(output["size"]),
        sha256=output["sha256"],
        width=int(output["width"]),
        height=int(output["height"]),
        content_type=output["content_type"],
        likeness=likeness_from_map(output["likeness"]) if "likeness" in output else None,
    )


def entry_to_item(user: str, entry: Entry) -> dict[str, Any]:
    return {
        "pk": partition(user),
        "sk": entry_sort(entry.id),
        "kind": entry.kind,
        "amount": entry.amount,
        "reference": entry.reference,
        "created_at": number(entry.created_at),
    }


def entry_from_item(item: Mapping[str, Any]) -> Entry:
    return Entry(
        id=item["sk"].removeprefix("ENTRY#"),
        kind=EntryKind(item["kind"]),
        amount=int(item["amount"]),
        reference=item["reference"],
        created_at=float(item["created_at"]),
    )


def idempotency_from_item(item: Mapping[str, Any]) -> IdempotencyRecord:
    return IdempotencyRecord(item["request_hash"], item["generation_id"])


def upload_to_item(upload: Upload) -> dict[str, Any]:
    """A new upload's item."""
    return {
        "pk": partition(upload.user),
        "sk": upload_sort(upload.id),
        "content_type": upload.content_type,
        "size": upload.size,
        "status": upload.status,
        "created_at": number(upload.created_at),
        "expires_at": int(upload.expires_at),
    }


def upload_from_item(item: Mapping[str, Any]) -> Upload:
    return Upload(
        user=item["pk"].removeprefix("USER#"),
        id=item["sk"].removeprefix("UPLOAD#"),
        content_type=item["content_type"],
        size=int(item["size"]),
        created_at=float(item["created_at"]),
        status=UploadStatus(item["status"]),
        reason=Reason(item["reason"]) if "reason" in item else None,
        width=int(item["width"]) if "width" in item else None,
        height=int(item["height"]) if "height" in item else None,
    )


def consent_to_map(consent: Consent) -> dict[str, Any]:
    return {"id": consent.id, "version": consent.version, "granted": consent.granted, "at": number(consent.at)}


def consents_from_item(item: Mapping[str, Any] | None) -> Consents:
    found = {kind: item[kind] for kind in ConsentKind if kind in item} if item else {}
    return {
        kind: Consent(kind, each["id"], each["version"], each["granted"], float(each["at"]))
        for kind, each in found.items()
    }
