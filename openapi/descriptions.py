"""What each part of a body is, in the words of the document: a row for each that its schema does not describe itself.

They stand here and not in the bodies, whose models every function builds when it starts.
"""

from openapi.schemas import REF, Json
from veil.api.problems import PROBLEMS

SCHEMAS = {
    "ContentType": "A type of photos; `image/jpg` and `image/heif` are other names of `image/jpeg` and `image/heic`.",
    "ConsentDecision": "What the person has answered, and to which text.",
    "ConsentKind": "What is agreed to: `third_party_ai`, that the photo is sent to those who run and make the image "
    "models; `face_comparison`, that each image's face is compared with the photo's, which nobody has to.",
    "CardConfirmation": "What the window sent to the success page.",
    "Decline": "Why a customer was not charged.",
    "EntryKind": "Why credits changed: given (`grant`), bought (`purchase`), set aside for a generation (`reserve`), "
    "given back by one (`refund`), taken because their money went back (`withdraw`), given again because it could not "
    "(`restore`).",
    "GenerationStatus": "`processing` until the last image has ended; then `completed` if all are stored, `failed` if "
    "none is, else `partial`.",
    "Health": "The API is up.",
    "Leaving": "The words that confirm it: credits that are left are forfeited, and nothing comes back.",
    "ImageStatus": "An image waits (`queued`), is being made (`running`), can be looked at (`stored`), or could not be "
    "made, and its credit was given back (`refunded`).",
    "LikenessStatus": "`verified`: it is the person in the photo. `unchecked`: it could not be compared in time.",
    "NewGeneration": "What to make images of, and how they shall look.",
    "NewOrder": "What to buy.",
    "OrderStatus": "`created` until the customer has paid in the window, `confirming` while the outcome is not known, "
    "`paid` once the credits are given; `refunding` while money is on its way back, `refunded` once all of it is. "
    "`failed` and `expired`: the customer was not charged. `review`: somebody at Veil has to look.",
    "ProductList": "What can be bought.",
    "SubscriptionStatus": "`registering` until the card is charged for the first time, `active` while it runs, "
    "`past_due` while a declined card is tried again, `ending` once the user has ended it, `ended` after that.",
    "NewUpload": "The photo that will be sent.",
    "Role": "Who the person is at the wedding.",
    "Selection": "The image that the person likes best.",
    "Style": "How the images look.",
    "StyleList": "Every style, in the order in which to show them.",
    "UploadStatus": "`pending` until the photo has come, `checking` while it is looked at, then `ready` or `rejected`.",
}
ID, CURSOR = "A ULID: later ones sort behind earlier ones.", "Asks for the next page; null on the last one."
PROPERTIES = {
    "Balance.available": "Credits that can be spent.",
    "Balance.held": "Credits that are set aside for images that have not ended.",
    "Balance.owed": "Credits that were spent, and whose money went back since.",
    "CardConfirmation.auth_key": "The `authKey` of the success page's address.",
    "CardConfirmation.customer_key": "The `customerKey` of the success page's address.",
    "CardWindow.customer_key": "What Toss knows the user by.",
    "CardWindow.client_key": "Toss's client key for billing.",
    "Consent.required": "Whether nothing is uploaded or generated without it.",
    "Consent.latest_version": "The version that there is to agree to.",
    "Consent.version": "The version that was decided on last; null before.",
    "Consent.granted": "Whether it was agreed to; false before.",
    "Consent.decided_at": "When; null before.",
    "ConsentDecision.version": "The version of the text that the person has read.",
    "ConsentDecision.granted": "Whether they agree. False takes it back.",
    "ConsentList.consents": "One for each kind.",
    "CreditEntry.id": ID,
    "CreditEntry.amount": "Credits, negative where they were taken.",
    "CreditEntry.reference": "What it was for: a generation's id, or the name of a grant.",
    "CreditEntry.created_at": "When it was entered.",
    "CreditEntryList.items": "The entries of this page.",
    "CreditEntryList.next_cursor": CURSOR,
    "Erased.objects": "Photos and images.",
    "Erased.items": "Records.",
    "Erasure.receipt": "The receipt's number: 128 random bits, which tell nothing of the person.",
    "Erasure.status": "`erasing` until it was read that nothing is left, then `done`.",
    "ErasureReceipt.status": "`erasing` until it was read that nothing is left, then `done`.",
    "ErasureReceipt.requested_at": "When the person left.",
    "ErasureReceipt.done_at": "When it was read that nothing is left; null before.",
    "ErasureReceipt.kept": "What is kept all the same, once it is done.",
    "ErasureReceipt.backups_gone_by": "When no backup holds any of it any more; null before it is done.",
    "KeptRecord.what": "What is kept, for the person.",
    "KeptRecord.until": "The day on which it goes, in Seoul.",
    "KeptRecord.why": "Why it is kept, for the person.",
    "Leaving.confirm": "Always `delete my account`.",
    "FieldError.field": "The field's name; `body` where the whole is wrong.",
    "FieldError.message": "What to put there instead, for the person.",
    "GatewayRefusal.message": "In English, for developers.",
    "GeneratedImage.index": "Its place in the generation, from 0.",
    "GeneratedImage.url": "A signed URL of the image, good for 15 minutes, without a token; null unless it is stored.",
    "GeneratedImage.url_expires_at": "Until when the URL is good; a new one comes with each look at the generation.",
    "GeneratedImage.width": "In pixels, once it is stored.",
    "GeneratedImage.height": "In pixels, once it is stored.",
    "GeneratedImage.likeness": "How alike its face is to the photo's, where its user agreed to the comparison and it "
    "is stored; else null.",
    "GeneratedImage.error": "Why it could not be made, once it is refunded.",
    "Generation.id": ID,
    "Generation.role": "What was asked for; null without it.",
    "Generation.model": "The image model that was asked first.",
    "Generation.upload_id": "The photo that it was made of.",
    "Generation.created_at": "When it was started.",
    "Generation.finished_at": "When its last image ended; null before.",
    "Generation.ai_generated": "Always true: a model makes its images. Say so; each file does, too, in its XMP.",
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
    "Likeness.score": "From 0 to 100; null while it is `unchecked`.",
    "LocalizedText.ko": "In Korean.",
    "LocalizedText.en": "In English.",
    "NewGeneration.role": "Who the person is at the wedding, which decides the clothes; without it, the model chooses "
    "what fits the person.",
    "NewGeneration.upload_id": "A photo that is `ready`.",
    "NewUpload.size": "The file's length, in bytes.",
    "NewUpload.sha256": "The file's SHA-256 in base64; with it, S3 refuses a file that was damaged on its way.",
    "NewOrder.product": "The id of a pack of `GET /products`.",
    "Order.id": "A ULID, which is also Toss's `orderId`.",
    "Order.product": "The id of what was bought.",
    "Order.credits": "Credits that it is for.",
    "Order.amount": "What it costs, in KRW, tax included.",
    "Order.currency": "Always `KRW`.",
    "Order.order_name": "Toss's `orderName`.",
    "Order.customer_key": "What Toss knows the user by: its `customerKey`.",
    "Order.client_key": "Toss's client key for payments.",
    "Order.receipt_url": "The card's slip at Toss, once it is paid.",
    "Order.created_at": "When it was placed.",
    "Order.paid_at": "When the customer was charged; null before.",
    "OrderConfirmation.payment_key": "The `paymentKey` of the success page's address.",
    "OrderConfirmation.amount": "The `amount` of the success page's address; another one than the order's is refused.",
    "OrderList.items": "The orders of this page.",
    "OrderList.next_cursor": CURSOR,
    "Pack.id": "To be ordered by.",
    "Pack.credits": "Credits that it gives.",
    "Pack.amount": "What it costs, in KRW.",
    "PaymentDecline.detail": "For the person.",
    "Plan.id": "The plan's id.",
    "Plan.credits": "Credits that it gives each month.",
    "Plan.amount": "What it costs each month, in KRW.",
    "Plan.period": "Always `month`.",
    "PriceConsent.amount": "The `new_amount` that the user agrees to.",
    "ProductList.packs": "Credits that are bought once, the smallest first.",
    "PredictionEnded.id": "The prediction's id at the provider.",
    "PredictionEnded.status": "How it ended, in the provider's words.",
    "PredictionEnded.output": "Where the image is, where there is one.",
    "PredictionEnded.error": "What went wrong, in the provider's words.",
    "PresignedUpload.upload_id": ID,
    "PresignedUpload.method": "The method to send the photo with.",
    "PresignedUpload.url": "Where to send it, without a token.",
    "PresignedUpload.headers": "The headers to send it with, as they are; S3 refuses it without any of them, and "
    "where its `Content-Length`, which every client sends by itself, is not the size that was announced.",
    "PresignedUpload.expires_at": "Until when the URL is good.",
    "Problem.type": "The code as a URI.",
    "Problem.title": "The status in words.",
    "Problem.status": "The HTTP status.",
    "Problem.detail": "What is wrong and what to do, for the person.",
    "Problem.request_id": "The id of this request in our log.",
    "Problem.errors": "The fields that are wrong (`invalid_request`).",
    "Problem.required": "Credits that are needed (`insufficient_credits`).",
    "Problem.available": "Credits that there are (`insufficient_credits`).",
    "Problem.version": "The version to agree to (`consent_required`).",
    "Problem.owed": "Credits that are owed (`credits_owed`).",
    "Problem.refundable": "Credits that can be refunded (`nothing_refundable`).",
    "RefundRequest.credits": "How many; without it, all that are unspent.",
    "Refundable.credits": "Credits of the order that are unspent.",
    "Refundable.amount": "What would go back for them, in KRW.",
    "Rejection.detail": "For the person.",
    "Selection.image": "The image's index.",
    "Style.samples": "Pictures in this style, to choose by.",
    "StyleList.credits": "What a generation reserves: one credit an image, unless the stage chose another price.",
    "StyleList.styles": "The styles.",
    "Subscription.plan": "The plan's id.",
    "Subscription.credits": "Credits that it gives each month.",
    "Subscription.amount": "What is charged each month, in KRW, as the user agreed.",
    "Subscription.new_amount": "A new price in KRW a month: the user agrees, or the plan ends at `paid_until`.",
    "Subscription.decline": "Why the card was not charged; null where it was.",
    "Subscription.card": "The card's number, with stars in it.",
    "Subscription.paid_until": "When it is charged next, or ends; null before the first charge.",
    "TossMessage.eventType": "What happened.",
    "TossMessage.data": "The payment. It is only used to find the order.",
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
    "listConsents": "Before the first photo, ask for what is `required` and does not count as agreed to.",
    "decideConsent": "Each decision is kept as a record of its own. Taking `third_party_ai` back stops uploads and "
    "generations from then on; taking `face_comparison` back stops comparisons, also of images that are being made. "
    "It may be repeated.",
    "deleteAccount": "Everything goes: photos, images, records, unspent credits, the plan, the sign-in. The token "
    "must be of a sign-in in the last five minutes (`sign_in_again`). From now on the account's routes answer 410 "
    "`account_erased`. It may be repeated, and answers the same receipt.",
    "getErasure": "Ask while it is `erasing`: seconds when all is well; money that is on its way is waited for. It "
    "needs no token, since the account is gone, and knows nobody.",
    "listProducts": "They change with a deployment at most, so an app may keep them for an hour.",
    "placeOrder": "Nothing is charged: the answer has what Toss's payment window needs. The price is ours. Send an "
    "`Idempotency-Key`: a request that is repeated with it makes no other order.",
    "listOrders": "Newest first, a page at a time; the plan's charges are among them.",
    "getOrder": "Ask while it is `confirming` or `refunding`.",
    "confirmOrder": "Call it from the success page, with what its address says. The customer is charged now, once, "
    "however often it is called; while the outcome is not known, ask for the order.",
    "refundOrder": "Gives unspent credits back for their money. The credits are taken at once; the money takes as long "
    "as the card company does.",
    "openCardWindow": "What Toss's window needs in which a card is registered for the plan. Nothing is charged.",
    "registerCard": "Call it from the success page. The plan begins with the first charge, within a minute; for a plan "
    "that runs, the card takes the place of the one before.",
    "getSubscription": "Ask while it is `registering`.",
    "agreeToPrice": "Records that the user agrees to `new_amount`, from the next charge on.",
    "endSubscription": "No more charges, and what is paid stays until `paid_until`. It may be repeated.",
    "receivePaymentWebhook": "For Toss, which does not sign: the secret says who calls. No app calls it.",
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
