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
ERASER_SECONDS = 180  # hundreds of thousands of objects; what is left goes on by the work list
ERASER_RECEIVES = 3  # of one message to the eraser, whose work comes again by the work list
ERASER_VISIBILITY_SECONDS = 1080  # six times the eraser's timeout
POLL_SECONDS = 60  # one image that hangs at every call, as in a callback
POLL_RECEIVES = 3  # of one message to the poll, whose work comes again by the work list
POLL_VISIBILITY_SECONDS = 360  # six times the poll's timeout
QUEUE_RETENTION_DAYS = 1  # as long as the raw photo is kept
REDRIVE_RETENTION_DAYS = 14

RAW_PHOTO_DAYS = 1  # objects under incoming/
CHECKED_PHOTO_DAYS = 2  # objects under inputs/

IMAGE_CACHE_SECONDS = 60  # an image that was deleted is nowhere at the edge, nor in a browser, after so long
KEYS_SECONDS = 60  # six calls of CloudFront's, each with its tries
KEYS_ANSWER_SECONDS = 600  # after which a deployment fails: Lambda has tried three times by then
