"""`POST /generations`: reserve the credits, start the predictions, answer."""

import os
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header

from veil.api import views
from veil.api.bodies import NewGeneration
from veil.api.resolver import Answer, Api
from veil.bootstrap.generations import GenerationsBootstrap
from veil.domain.styles import Role
from veil.settings import GenerationsSettings

bootstrap = GenerationsBootstrap(GenerationsSettings.load(os.environ))
app = Api(erased=bootstrap.erased)
handler = app.handler

IdempotencyKey = Annotated[str | None, Header(alias="idempotency-key", pattern=r"^[\x20-\x7e]{1,255}$")]


@app.post("/generations")
def create(body: NewGeneration, idempotency_key: IdempotencyKey = None) -> Answer:
    role = None if body.role is None else Role(body.role)
    generation, replayed = bootstrap.generate(app.user, body.upload_id, body.style, idempotency_key, role)
    headers = {"location": f"/generations/{generation.id}", **({"idempotency-replayed": "true"} if replayed else {})}
    shown = views.generation_body(generation, bootstrap.urls, app.language)
    return app.answer(200 if replayed else 202, shown, headers)
