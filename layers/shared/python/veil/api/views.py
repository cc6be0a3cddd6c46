"""Domain objects as the app sees them."""

from veil.api import bodies
from veil.api.problems import IMAGE_ERRORS, REASONS
from veil.domain.credits import Entry
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.ports import PhotoStore, PresignedPut
from veil.domain.styles import STYLES
from veil.domain.uploads import UPLOAD_URL_SECONDS, Reason, Upload

IMAGE_URL_SECONDS = 900


def styles() -> bodies.Styles:
    return bodies.Styles(
        styles=[bodies.StyleBody(id=s.id, name=s.name, description=s.description) for s in STYLES.values()]
    )


def upload_place(upload: Upload, put: PresignedPut) -> bodies.UploadPlace:
    return bodies.UploadPlace(
        upload_id=upload.id,
        status=upload.status,
        method="PUT",
        url=put.url,
        headers=dict(put.headers),
        expires_at=upload.created_at + UPLOAD_URL_SECONDS,
    )


def reason(code: Reason, *, english: bool) -> bodies.ReasonBody:
    return bodies.ReasonBody(code=code, detail=REASONS[code][english])


def upload(upload: Upload, *, english: bool) -> bodies.UploadBody:
    return bodies.UploadBody(
        upload_id=upload.id,
        status=upload.status,
        reason=reason(upload.reason, english=english) if upload.reason else None,
        width=upload.width,
        height=upload.height,
        created_at=upload.created_at,
    )


def generation(generation: Generation, photos: PhotoStore, *, english: bool) -> bodies.GenerationBody:
    """Signed URLs are made here, at the last moment, and stand only on stored images."""
    return bodies.GenerationBody(
        id=generation.id,
        style=generation.style,
        model=generation.model,
        upload_id=generation.upload_id,
        status=generation.status,
        created_at=generation.created_at,
        finished_at=generation.finished_at,
        images=[_image(generation, image, photos, english=english) for image in generation.images],
        credits=bodies.GenerationCredits(
            reserved=generation.reserved,
            captured=generation.credits_in(ImageStatus.STORED),
            refunded=generation.credits_in(ImageStatus.REFUNDED),
        ),
        selected=generation.selected,
    )


def _image(generation: Generation, image: Image, photos: PhotoStore, *, english: bool) -> bodies.ImageBody:
    url, url_expires_at = None, None
    if image.output:
        url, url_expires_at = photos.presign_get(generation.result_key(image.index), IMAGE_URL_SECONDS)
    error = image.error and bodies.ImageErrorBody(code=image.error, detail=IMAGE_ERRORS[image.error][english])
    return bodies.ImageBody(
        index=image.index,
        status=image.status,
        url=url,
        url_expires_at=url_expires_at,
        width=image.output.width if image.output else None,
        height=image.output.height if image.output else None,
        error=error,
    )


def entry(entry: Entry) -> bodies.EntryBody:
    return bodies.EntryBody(
        id=entry.id, kind=entry.kind, amount=entry.amount, reference=entry.reference, created_at=entry.created_at
    )
