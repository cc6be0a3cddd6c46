"""Domain objects as the client sees them."""

from collections.abc import Container
from typing import TYPE_CHECKING

from veil.api import bodies
from veil.api.words import DECLINES, IMAGE_ERRORS, REASONS, field_message
from veil.domain.consents import Consent, ConsentKind, latest
from veil.domain.credits import Entry
from veil.domain.declines import Decline
from veil.domain.errors import InvalidField
from veil.domain.generation import Generation, Image, ImageStatus, StoredOutput
from veil.domain.language import Language
from veil.domain.ports import PresignedPut
from veil.domain.styles import SAMPLES, STYLES
from veil.domain.uploads import UPLOAD_URL_SECONDS, Reason, Upload

if TYPE_CHECKING:
    from veil.domain.delivery import ImageUrls

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def style_list(credits_reserved: int, web_url: str) -> bodies.StyleList:
    """``credits_reserved``: by a generation; ``web_url``: where the edge is that has the samples."""
    return bodies.StyleList(
        credits=credits_reserved,
        styles=[
            bodies.Style(
                id=style.id,
                name=style.name,
                description=style.description,
                samples=[f"{web_url}/samples/{style.id}-{number}.jpg" for number in SAMPLES],
            )
            for style in STYLES.values()
        ],
    )


def presigned_upload(upload: Upload, put: PresignedPut) -> bodies.PresignedUpload:
    return bodies.PresignedUpload(
        upload_id=upload.id,
        status=upload.status,
        method="PUT",
        url=put.url,
        headers=dict(put.headers),
        expires_at=upload.created_at + UPLOAD_URL_SECONDS,
    )


def upload_body(upload: Upload, language: Language) -> bodies.Upload:
    return bodies.Upload(
        upload_id=upload.id,
        status=upload.status,
        reason=_rejection(upload.reason, language) if upload.reason else None,
        width=upload.width,
        height=upload.height,
        created_at=upload.created_at,
    )


def generation_body(
    generation: Generation, urls: "ImageUrls", language: Language, *, download: bool = False
) -> bodies.Generation:
    """Signed URLs are made here, at the last moment, and only for stored images; to ``download``, each has the name of
    a file.
    """
    images = [_image_body(generation, image, urls, language, download=download) for image in generation.images]
    return bodies.Generation(
        id=generation.id,
        style=generation.style,
        role=generation.role,
        model=generation.model,
        upload_id=generation.upload_id,
        status=generation.status,
        created_at=generation.created_at,
        finished_at=generation.finished_at,
        ai_generated=True,
        images=images,
        credits=bodies.GenerationCredits(
            reserved=generation.reserved,
            captured=generation.credits_in(ImageStatus.STORED),
            refunded=generation.credits_in(ImageStatus.REFUNDED),
        ),
        selected=generation.selected,
    )


def _image_body(
    generation: Generation, image: Image, urls: "ImageUrls", language: Language, *, download: bool
) -> bodies.GeneratedImage:
    url, url_expires_at = None, None
    if image.output:
        file = _file(generation, image.index, image.output) if download else None
        url, url_expires_at = urls.sign(generation.result_key(image.index), file)
    return bodies.GeneratedImage(
        index=image.index,
        status=image.status,
        url=url,
        url_expires_at=url_expires_at,
        width=image.output.width if image.output else None,
        height=image.output.height if image.output else None,
        likeness=_likeness(image.output),
        error=bodies.ImageFailure(code=image.error, detail=IMAGE_ERRORS[image.error].text(language))
        if image.error
        else None,
    )


def _file(generation: Generation, index: int, output: StoredOutput) -> str:
    return f"veil-{generation.style}-{index + 1}.{EXTENSIONS[output.content_type]}"


def _likeness(output: StoredOutput | None) -> bodies.Likeness | None:
    likeness = output.likeness if output else None
    status = likeness.status if likeness else None
    return bodies.Likeness(score=likeness.score, status=status) if likeness and status else None


def entry_body(entry: Entry) -> bodies.CreditEntry:
    return bodies.CreditEntry(
        id=entry.id, kind=entry.kind, amount=entry.amount, reference=entry.reference, created_at=entry.created_at
    )


def consent_body(kind: ConsentKind, consent: Consent | None, required: Container[ConsentKind]) -> bodies.Consent:
    return bodies.Consent(
        kind=kind,
        required=kind in required,
        latest_version=latest(kind),
        version=consent.version if consent else None,
        granted=consent is not None and consent.granted,
        decided_at=consent.at if consent else None,
    )


def member(value: object, language: Language) -> object:
    """An error's attribute as a member of its problem, with its words in this language."""
    match value:
        case Reason():
            return _rejection(value, language)
        case Decline():
            return decline_body(value, language)
        case InvalidField():
            return bodies.FieldError(field=value.name, message=field_message(value, language))
        case tuple():
            return [member(each, language) for each in value]
    return value


def _rejection(reason: Reason, language: Language) -> bodies.Rejection:
    return bodies.Rejection(code=reason, detail=REASONS[reason].text(language))


def decline_body(decline: Decline, language: Language) -> bodies.PaymentDecline:
    return bodies.PaymentDecline(code=decline, detail=DECLINES[decline].text(language))
