"""How soon the app has its answer, on the deployed local stack, beside a request that waits for the portraits."""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import httpx
from replicate.client import Client

from local.client import VeilClient
from local.cloud.running import RunningCloud
from local.demo import PHOTO
from proofs.bench.row import Row, in_turns, measured

# Of one image of flux-1.1-pro: the example's predict_time on https://replicate.com/black-forest-labs/flux-1.1-pro
PREDICTION_SECONDS = 3.8
IMAGES = 4
INPUT = {"prompt": "a wedding portrait", "aspect_ratio": "3:4", "output_format": "jpg"}


def answer(running: RunningCloud, replicate_token: str, turns: int) -> Iterator[Row]:
    """Seconds until `POST /generations` is answered; until a blocking one has four predictions' outputs."""
    url, trust = running.providers_url, ssl.create_default_context(cafile=running.aws.ca_bundle)
    with (
        VeilClient(running.api_url, running.token_url, "bench-answer") as app,
        httpx.Client(verify=trust, trust_env=False) as http,
    ):
        http.post(f"{url}/_control", json={"replicate": {"latency": PREDICTION_SECONDS}}).raise_for_status()
        upload, photo = app.ask_upload(PHOTO.read_bytes(), "image/jpeg"), PHOTO.read_bytes()
        app.put_photo(upload, photo)
        app.wait_for_upload(upload["upload_id"])
        transport = httpx.HTTPTransport(verify=trust)
        replicate = Client(api_token=replicate_token, base_url=f"{url}/replicate", transport=transport)
        ways = {
            "ours": lambda: _asked(app, upload["upload_id"]),
            "one by one": lambda: _blocking(replicate, http, 1),
            "at once": lambda: _blocking(replicate, http, IMAGES),
        }
        seconds = in_turns(ways, turns)
        http.delete(f"{url}/_control")
    for how in ("one by one", "at once"):
        name, what = f"time until the app has its answer ({how})", f"a request that waits for four predictions, {how}"
        yield measured(name, what, seconds["ours"], seconds[how], unit="s", limit=0.01)


def _asked(app: VeilClient, upload_id: str) -> float:
    started = perf_counter()
    generation = app.generate(upload_id, "classic")
    seconds = perf_counter() - started
    app.wait_for_generation(generation["id"])  # so that nothing of it runs beside the other ways
    return seconds


def _blocking(replicate: Client, http: httpx.Client, together: int) -> float:
    """Start, wait for and fetch four predictions, as many ``together``."""

    def portrait(_: int) -> None:
        made = replicate.models.predictions.create("black-forest-labs/flux-1.1-pro", input=INPUT)
        made.wait()
        http.get(str(made.output)).raise_for_status()

    started = perf_counter()
    with ThreadPoolExecutor(together) as pool:
        list(pool.map(portrait, range(IMAGES)))
    return perf_counter() - started
