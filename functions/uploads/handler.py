"""`/uploads`: ask for a place to put a photo, and ask for the result of its check."""

import os

from veil.api import views
from veil.api.bodies import Id, NewUpload
from veil.api.resolver import Answer, Api
from veil.bootstrap.uploads import UploadsBootstrap
from veil.settings import UploadsSettings

bootstrap = UploadsBootstrap(UploadsSettings.load(os.environ))
app = Api()
handler = app.handler


@app.post("/uploads")
def create(body: NewUpload) -> Answer:
    upload, put = bootstrap.create_upload(app.user, body.content_type, body.size, body.sha256)
    return app.answer(201, views.presigned_upload(upload, put), {"location": f"/uploads/{upload.id}"})


@app.get("/uploads/<upload_id>")
def get(upload_id: Id) -> Answer:
    return app.answer(200, views.upload_body(bootstrap.get_upload(app.user, upload_id), app.language))
