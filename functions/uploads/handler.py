"""`/uploads`: ask for a place to put a photo, and ask for the result of its check."""

from veil.cold_start import started

# isort: split
import os

from veil.api import views
from veil.api.app import Answer, Api
from veil.api.bodies import Id, NewUpload
from veil.bootstrap.uploads import UploadsBootstrap
from veil.settings import UploadsSettings

bootstrap = UploadsBootstrap(UploadsSettings.load(os.environ))
app = Api()
handler = app.handler


@app.post("/uploads")
def create(body: NewUpload) -> Answer:
    upload, put = bootstrap.create_upload(app.user, body.content_type, body.size, body.sha256)
    return app.answer(201, views.upload_place(upload, put), {"location": f"/uploads/{upload.id}"})


@app.get("/uploads/<upload_id>")
def get(upload_id: Id) -> Answer:
    return app.answer(200, views.upload(bootstrap.get_upload(app.user, upload_id), english=app.english))


started()
