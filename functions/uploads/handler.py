"""`/uploads`: ask for a place to put a photo, and ask for the result of its check."""

import os

from veil.api import views
from veil.api.bodies import Id, NewUpload
from veil.api.polling import CHECK, look_again
from veil.api.resolver import Answer, Api
from veil.bootstrap.uploads import UploadsBootstrap
from veil.domain.uploads import UploadStatus
from veil.settings import UploadsSettings

bootstrap = UploadsBootstrap(UploadsSettings.load(os.environ))
app = Api(erased=bootstrap.erased)
handler = app.handler


@app.post("/uploads")
def create(body: NewUpload) -> Answer:
    upload, put = bootstrap.create_upload(app.account, body.content_type, body.size, body.sha256)
    return app.answer(201, views.presigned_upload(upload, put), {"location": f"/uploads/{upload.id}"})


@app.get("/uploads/<upload_id>")
def get(upload_id: Id) -> Answer:
    upload = bootstrap.get_upload(app.user, upload_id)
    settled = upload.status in (UploadStatus.READY, UploadStatus.REJECTED)
    waiting = {} if settled else look_again(upload.created_at, CHECK)
    return app.answer(200, views.upload_body(upload, app.language), waiting)
