"""`POST /webhooks/{provider}/{token}`: a provider calls back. 204 only once there is nothing left to do."""

import os

from veil.api.resolver import Answer, Api
from veil.bootstrap.webhook import WebhookBootstrap
from veil.settings import WebhookSettings

bootstrap = WebhookBootstrap(WebhookSettings.load(os.environ))
app = Api(validate=False)  # the signature is over the raw body, which is read by nobody before it is verified
handler = app.handler


@app.post("/webhooks/<provider>/<token>")
def receive(provider: str, token: str) -> Answer:
    bootstrap.receive(provider, token, app.current_event.headers, app.raw_body)
    return app.answer(204)
