"""What each part of a body is, in the words of the document: a row for each that its schema does not describe itself.

They stand here and not in the bodies, whose models every function builds when it starts.
"""

from openapi.schemas import REF, Json
from veil.api.problems import PROBLEMS

SCHEMAS = {
    "ContentType": "A type of photos; `image/jpg` and `image/heif` are other names of `image/jpeg` and `image/heic`.",
    "EntryKind": "Why credits changed: given (`grant`), set aside for a generation (`reserve`), given back (`refund`).",
    "GenerationStatus": "`processing` until the last image has ended; then `completed` if all are stored, `failed` if "
    "none is, else `partial`.",
    "Health": "The API is up.",
    "ImageStatus": "An image waits (`queued`), is being made (`running`), can be looked at (`stored`), or could not be "
    "made, and its credit was given back (`refunded`).",
    "NewGeneration": "What to make images of, and how they shall look.",
    "NewUpload": "The photo that will be sent.",
    "Selection": "The image that the person likes best.",
    "Style": "How the images look.",
    "StyleList": "Every style, in the order in which to show them.",
    "UploadStatus": "`pending` until the photo has come, `checking` while it is looked at, then `ready` or `rejected`.",
}
ID, CURSOR = "A ULID: later ones sort behind earlier ones.", "Asks for the next page; null on the last one."
PROPERTIES = {
    "Balance.available": "Credits that can be spent.",
    "Balance.held": "Credits that are set aside for images that have not ended.",
    "CreditEntry.id": ID,
    "CreditEntry.amount": "Credits, negative where they were taken.",
    "CreditEntry.reference": "What it was for: a generation's id, or the name of a grant.",
    "CreditEntry.created_at": "When it was entered.",
    "CreditEntryList.items": "The entries of this page.",
    "CreditEntryList.next_cursor": CURSOR,
    "FieldError.field": "The field's name; `body` where the whole is wrong.",
    "FieldError.message": "What to put there instead, for the person.",
    "GatewayRefusal.message": "In English, for developers.",
    "GeneratedImage.index": "Its place in the generation, from 0.",
    "GeneratedImage.url": "A signed URL of the image, which needs no token; null unless it is stored.",
    "GeneratedImage.url_expires_at": "Until when the URL is good; a new one comes with each look at the generation.",
    "GeneratedImage.width": "In pixels, once it is stored.",
    "GeneratedImage.height": "In pixels, once it is stored.",
    "GeneratedImage.error": "Why it could not be made, once it is refunded.",
    "Generation.id": ID,
    "Generation.model": "The image model that was asked first.",
    "Generation.upload_id": "The photo that it was made of.",
    "Generation.created_at": "When it was started.",
    "Generation.finished_at": "When its last image ended; null before.",
    "Generation.images": "In the order of their index.",
    "Generation.selected": "The index of the image that was chosen; null while none is.",
    "GenerationCredits.reserved": "Credits that were set aside when it was started.",
    "GenerationCredits.captured": "Credits of stored images: these were spent.",
    "GenerationCredits.refunded": "Credits of images that could not be made: these were given back.",
    "GenerationList.items": "The generations of this page.",
    "GenerationList.next_cursor": CURSOR,
    "Health.status": "Always `ok`.",
    "Health.version": "The version of Veil that answers.",
    "ImageFailure.detail": "For the person.",
    "LocalizedText.ko": "In Korean.",
    "LocalizedText.en": "In English.",
    "NewGeneration.upload_id": "A photo that is `ready`.",
    "NewUpload.size": "The file's length, in bytes.",
    "NewUpload.sha256": "The file's SHA-256 in base64; with it, S3 refuses a file that was damaged on its way.",
    "PredictionEnded.id": "The prediction's id at the provider.",
    "PredictionEnded.status": "How it ended, in the provider's words.",
    "PredictionEnded.output": "Where the image is, where there is one.",
    "PredictionEnded.error": "What went wrong, in the provider's words.",
    "PresignedUpload.upload_id": ID,
    "PresignedUpload.method": "The method to send the photo with.",
    "PresignedUpload.url": "Where to send it, without a token.",
    "PresignedUpload.headers": "The headers to send it with; S3 refuses it without any of them.",
    "PresignedUpload.expires_at": "Until when the URL is good.",
    "Problem.type": "The code as a URI.",
    "Problem.title": "The status in words.",
    "Problem.status": "The HTTP status.",
    "Problem.detail": "What is wrong and what to do, for the person.",
    "Problem.request_id": "The id of this request in our log.",
    "Problem.errors": "The fields that are wrong (`invalid_request`).",
    "Problem.required": "Credits that are needed (`insufficient_credits`).",
    "Problem.available": "Credits that there are (`insufficient_credits`).",
    "Rejection.detail": "For the person.",
    "Selection.image": "The image's index.",
    "StyleList.styles": "The styles.",
    "Upload.upload_id": ID,
    "Upload.reason": "Why it was rejected; null unless it was.",
    "Upload.width": "Of the photo as it is kept, in pixels, once it is ready.",
    "Upload.height": "Of the photo as it is kept, in pixels, once it is ready.",
    "Upload.created_at": "When it was asked for.",
}
OPERATIONS = {
    "getHealth": "For monitors: it asks nothing but the function itself.",
    "getOpenapi": "As it was deployed. It needs no token.",
    "listStyles": "They change with a deployment at most, so an app may keep them for an hour.",
    "createUpload": "Reserves a place for one photo and answers a URL to send it to. Nothing is charged; a place to "
    "which no photo comes is gone after a quarter of an hour.",
    "getUpload": "Ask until it is `ready` or `rejected`; its check usually takes seconds.",
    "createGeneration": "Sets the credits aside, starts the images and answers at once. Send an `Idempotency-Key`: a "
    "request that is repeated with it, after a lost answer, starts nothing again.",
    "listGenerations": "Newest first, a page at a time.",
    "getGeneration": "Ask until it is no longer `processing`. Images can be shown one by one as they are `stored`.",
    "deleteGeneration": "Deletes its images at once and for good. It may be repeated; what was spent stays spent.",
    "selectImage": "Chooses one of the stored images; a later choice takes its place.",
    "unselectImage": "Takes the choice back. It may be repeated.",
    "getCredits": "What can be spent and what is set aside, both at one moment.",
    "listEntries": "Every change of the credits, newest first, a page at a time; they sum up to what is available.",
    "receiveWebhook": "For providers of images, which sign what they send. No app calls it.",
}
PROBLEM_CODE: Json = {
    "type": "string",
    "description": "What is wrong, for programs. Open: new codes may come, so treat an unknown one by its status.",
    "examples": list(PROBLEMS),
}


def described(schemas: Json) -> Json:
    """These schemas with a description on every one and on every property; raises `KeyError` for one that has none."""
    made = {name: _with(schema, SCHEMAS, name) for name, schema in schemas.items()}
    coded = {**made["Problem"]["properties"], "code": {"$ref": REF + "ProblemCode"}}
    made["Problem"] = {**made["Problem"], "properties": coded}
    for name, schema in made.items():
        if "properties" in schema:
            parts = schema["properties"].items()
            schema["properties"] = {part: _with(of, PROPERTIES, f"{name}.{part}") for part, of in parts}
    return dict(sorted({**made, "ProblemCode": PROBLEM_CODE}.items()))


def _with(schema: Json, descriptions: dict[str, str], name: str) -> Json:
    says_so = "description" in schema or "$ref" in schema
    return {**schema} if says_so and name not in descriptions else {**schema, "description": descriptions[name]}
