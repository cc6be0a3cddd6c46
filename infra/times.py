"""The stack's own times and counts, as plain numbers: nothing here imports the CDK.

`tests/infra/test_deadlines.py` holds them against the times that the code relies on.
"""

from veil.domain.uploads import CHECK_TRIES

API_FUNCTION_SECONDS = 29  # timeout of a function that answers an HTTP request: API Gateway waits for 30
CHARGER_SECONDS = 90  # Toss may take 60 to charge a card
SWEEP_PERIOD_MINUTES = 1

MAX_RECEIVES = CHECK_TRIES  # deliveries of one message before it goes to the redrive queue
VISIBILITY_SECONDS = 360  # until a message comes again whose check neither ended nor postponed it
MONEY_RECEIVES = 3  # of one message to the charger, whose work comes again by the work list
MONEY_VISIBILITY_SECONDS = 540  # six times the charger's timeout
CHARGERS = 5  # at once: Toss answers 429 to who asks too much
ERASER_SECONDS = 180  # hundreds of thousands of objects; what is left goes on by the work list
ERASER_RECEIVES = 3  # of one message to the eraser, whose work comes again by the work list
ERASER_VISIBILITY_SECONDS = 1080  # six times the eraser's timeout
ERASERS = 2  # at once: as few as Lambda allows
NOTIFY_SECONDS = 60  # of one event: three calls to AWS that hang, or a post
NOTIFY_RECEIVES = 3  # of one message of what is to be told, which comes again by the work list
NOTIFY_VISIBILITY_SECONDS = 360  # six times the function's timeout
DELIVERY_RECEIVES = 32  # of one event that is to be posted: 15 s apart at first, an hour later on, for a day
DELIVERY_RETENTION_DAYS = 4
POLL_SECONDS = 60  # one image that hangs at every call, as in a callback
POLL_RECEIVES = 3  # of one message to the poll, whose work comes again by the work list
POLL_VISIBILITY_SECONDS = 360  # six times the poll's timeout
POLLS = 5  # at once: each is a second's work, and one GPU makes an image in eight
QUEUE_RETENTION_DAYS = 1  # as long as the raw photo is kept
REDRIVE_RETENTION_DAYS = 14

RAW_PHOTO_DAYS = 1  # objects under incoming/
CHECKED_PHOTO_DAYS = 2  # objects under inputs/

IMAGE_CACHE_SECONDS = 60  # an image that was deleted is nowhere at the edge, nor in a browser, after so long
KEYS_SECONDS = 60  # six calls of CloudFront's, each with its tries
KEYS_ANSWER_SECONDS = 600  # after which a deployment fails: Lambda has tried three times by then
