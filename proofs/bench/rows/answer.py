"""How soon the client has its answer, on the deployed local stack, beside a request that waits for the images."""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import httpx
from replicate.client import Client

from local.demo import PHOTO
from operations.client import VeilClient
from operations.visit import upload
from proofs.bench.row import BenchRow, in_turns, measured
from proofs.stack import Stack

# Of one image of flux-1.1-pro: the example's predict_time on https://replicate.com/black-forest-labs/flux-1.1-pro
PREDICTION_SECONDS = 3.8
IMAGES = 4
INPUT = {"prompt": "a wedding portrait", "aspect_ratio": "3:4", "output_format": "jpg"}


def answer(stack: Stack, replicate_token: str, turns: int) -> Iterator[BenchRow]:
    """Seconds until `POST /generations` is answered; until a blocking one has four predictions' outputs."""
    running, trust = stack.running, ssl.create_default_context(cafile=stack.running.aws.ca_bundle)
    url, transport = f"{running.providers_url}/replicate", httpx.HTTPTransport(verify=trust)
    replicate = Client(api_token=replicate_token, base_url=url, transport=transport)
    with (
        VeilClient.signed_in(running.api_url, running.token_url, "bench-answer") as client,
        httpx.Client(verify=trust, trust_env=False) as http,
    ):
        stack.providers("POST", {"replicate": {"latency": PREDICTION_SECONDS}})
        client.agree()
        upload_id = client.run(upload(PHOTO.read_bytes(), "image/jpeg"))
        client.wait_for_upload(upload_id)
        ways = {
            "ours": lambda: _generate(client, upload_id),
            "one by one": lambda: _blocking(replicate, http, 1),
            "at once": lambda: _blocking(replicate, http, IMAGES),
        }
        seconds = in_turns(ways, turns)
        stack.providers("DELETE")
    for how in ("one by one", "at once"):
        name = f"time until the client has its answer ({how})"
        what = f"a request that waits for four predictions, {how}"
        yield measured(name, what, seconds["ours"], seconds[how], unit="s", limit=0.01)


def _generate(client: VeilClient, upload_id: str) -> float:
    started = perf_counter()
    generation = client.generate(upload_id, "classic")
    seconds = perf_counter() - started
    client.wait_for_generation(generation["id"])  # so that nothing of it runs beside the other ways
    return seconds


def _blocking(replicate: Client, http: httpx.Client, together: int) -> float:
    """Start, wait for and fetch four predictions, as many ``together``."""

    def image(_: int) -> None:
        prediction = replicate.models.predictions.create("black-forest-labs/flux-1.1-pro", input=INPUT)
        prediction.wait()
        http.get(str(prediction.output)).raise_for_status()

    started = perf_counter()
    with ThreadPoolExecutor(together) as pool:
        list(pool.map(image, range(IMAGES)))
    return perf_counter() - started
