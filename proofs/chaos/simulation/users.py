"""Users with a client: they upload, choose a style, wait, look, select, delete, buy; and try again as a client does."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import httpx

from local.simulated.functions import http_event
from operations import visit
from operations.errors import OperationError
from operations.visit import ANY, CREDITS, Ask, Json, Refused, Script, drive
from proofs.chaos.simulation.buyer import PACKS, Buyer
from proofs.chaos.simulation.gateway import OVER, answer_of, function_of, put
from proofs.chaos.simulation.world import SimulatedWorld
from proofs.photos import Photo
from veil.domain.consents import ConsentKind, latest
from veil.domain.erasure import DAY
from veil.domain.styles import STYLES, Role

REFUNDS = 0.4  # share of the buyers who want money back in the end
COMPARED, AGAIN = 0.7, 0.3  # shares: of those who agree to a comparison, and of changes of mind, those to yes
TRIES = 12  # of one request, when it gets no answer or an error that says to try again
PATIENCE_SECONDS = 3600
ROLES = (None, *Role)
ANSWER_LOST = "the client's answer lost"
GIVEN_UP = httpx.Response(504, json={"code": "no_answer"})  # after so many tries, in the place of an answer


class SimulatedUser:
    """One person, who wants ``share`` generations."""

    def __init__(self, world: SimulatedWorld, name: str, photos: list[Photo], share: int) -> None:
        self.name = name
        self.accepted: dict[str, str] = {}  # idempotency key → generation
        self.world, self._photos, self._share = world, photos, share
        self._agrees_to: tuple[str, ...] = ()
        self._agreed = False
        self.signed_in_at = world.start
        self.gone = self.erased = False  # they know that they have left; that all of it is done
        self.buyer = Buyer(world, name, self.attempt)

    def live(self) -> None:
        """Do all that they want; most agree to have faces compared."""
        if self.world.random.random() < COMPARED:
            self._agrees_to = (ConsentKind.FACE_COMPARISON,)
        for number in range(self._share):
            if generation_id := self._generation(f"{number}"):
                self._look_around(generation_id)
            self.world.scheduler.pause(self.world.random.uniform(1, 300))
        if self.buyer.order_ids and self.world.random.random() < REFUNDS:
            self.buyer.refund(self.world.random.choice(self.buyer.order_ids))

    def generate_some(self, key: str) -> None:
        """One generation more, if there are credits for it, or money."""
        self._generation(key)

    def generate_once(self) -> str | None:
        """One generation's id; None where the photo can't be used."""
        upload_id = self._upload()
        if upload_id:
            self._generate(upload_id, "0")
        return self.accepted.get("0")

    def generate_compared(self) -> str | None:
        """Agree to a comparison of faces, and generate."""
        self._agrees_to = (ConsentKind.FACE_COMPARISON,)
        return self.generate_once()

    @property
    def photo(self) -> Photo:
        return self.world.random.choice(self._photos)

    def generate_and_delete(self) -> None:
        """Generate, wait for the images, select one, delete them all."""
        if generation_id := self.generate_once():
            self._final(visit.wait_for_images(generation_id, PATIENCE_SECONDS))
            self.attempt(visit.select(generation_id, 1))
            self.attempt(visit.delete(generation_id))

    def _generation(self, key: str) -> str | None:
        """Try until there is one, with other photos where these can't be used."""
        upload_id = None
        for _ in range(TRIES):
            upload_id = None if self.gone else upload_id or self._upload()
            if upload_id and not self._generate(upload_id, key):
                upload_id = None
            if key in self.accepted:
                return self.accepted[key]
        return None

    def _upload(self) -> str | None:
        """The id of an upload that is ready; None where there is none."""
        photo = self.photo
        try:
            if not self._agreed:
                drive(visit.agree(*self._agrees_to), self.ask, self._pause)
                self._agreed = True
            upload_id = drive(visit.upload(photo.data, photo.content_type), self.ask, self._pause)
        except Refused as refused:
            self._wait(refused.answer)
            return None
        checked = self._final(visit.wait_for_check(upload_id, PATIENCE_SECONDS))
        return upload_id if checked and checked["status"] == "ready" else None

    def _generate(self, upload_id: str, key: str) -> bool:
        """Whether the upload can be used further; what was accepted is in ``accepted``."""
        style, role = list(STYLES)[int(key) % len(STYLES)], ROLES[int(key) % len(ROLES)]
        ask = visit.generate(upload_id, style, f"key {key}", role)
        answer = self.attempt(ask)
        code = answer.json().get("code")
        if code == "insufficient_credits":
            self.buyer.buy(self.world.random.choice(PACKS))
        elif code == "provider_unavailable":
            self.world.score.ends["generations refused by the provider"] += 1
            answer = self.attempt(ask)
        elif code == "idempotency_key_reused":  # an earlier try got through, with another photo
            newest = self.attempt(Ask("GET", "/generations?limit=1"))
            if newest.is_success and newest.json()["items"]:
                self.accepted[key] = newest.json()["items"][0]["id"]
        elif code:
            self._wait(answer)
            return code in ("rate_limited", "no_answer")
        if answer.is_success:
            generation_id = answer.json()["id"]
            if (known := self.accepted.setdefault(key, generation_id)) != generation_id:
                self.world.score.violation(f"one key, two generations: {known}, {generation_id}")
        return True

    def _look_around(self, generation_id: str) -> None:
        """What a person does while the images are made and after."""
        random, scheduler = self.world.random, self.world.scheduler
        for seconds in (random.uniform(1, 5), random.uniform(5, 60)):
            scheduler.pause(seconds)
            self.attempt(Ask("GET", f"/generations/{generation_id}"))
        chosen = visit.select(generation_id, random.randint(0, 3))
        entries = Ask("GET", "/credits/entries?limit=3")
        whims = (
            *(chosen, replace(chosen, method="DELETE", json=None), CREDITS, entries),
            *(self._change_of_mind() for _ in self._agrees_to),
            visit.delete(generation_id),
        )
        for whim in whims:
            if random.random() < 0.15:
                self.attempt(whim)

    def _change_of_mind(self) -> Ask:
        """Faces are not to be compared any more, or again."""
        version, granted = latest(ConsentKind.FACE_COMPARISON), self.world.random.random() < AGAIN
        return visit.decide(ConsentKind.FACE_COMPARISON, version, granted=granted)

    def _wait(self, answer: httpx.Response) -> None:
        """As long as a refusal says, or a little."""
        self.world.scheduler.pause(float(answer.headers.get("retry-after", "5")))

    def _final(self, script: Script[Json]) -> Json | None:
        """What a script waits for; None where it never came."""
        try:
            return drive(script, self.ask, self._pause)
        except OperationError:
            return None

    def _pause(self, _: float) -> float:
        seconds = self.world.random.uniform(1, 120)
        self.world.scheduler.pause(seconds)
        return seconds

    def attempt(self, ask: Ask) -> Any:
        """The final `httpx.Response`, whatever its status."""
        return self.ask(replace(ask, expected=ANY))

    def ask(self, ask: Ask) -> Any:
        """The final `httpx.Response`; tries again while there is none. Raises `Refused`."""
        random, scheduler = self.world.random, self.world.scheduler
        if not ask.to_api:
            scheduler.pause(random.uniform(0.1, 20))
            return ask.accept(put(self.world.s3, ask))
        path, _, query = ask.url.partition("?")
        headers, parameters = dict(ask.headers), dict(parse_qsl(query))
        claims = {"auth_time": f"{self.signed_in_at:.0f}"}
        event = http_event(ask.method, path, ask.json, user=self.name, headers=headers, query=parameters, claims=claims)
        for attempt in range(TRIES):
            if self._token_is_over():
                return ask.accept(OVER)
            erased = self.erased
            answer = answer_of(self.world.invoke(function_of(ask.method, path), event))
            if answer and answer.status_code == 500:
                self.world.score.violation(f"{ask.method} {path} answered 500")
            if answer and answer.is_success and erased and not path.startswith("/erasures/"):
                self.world.score.violation(f"{ask} answered {answer.status_code} to one who was erased")
            if self.world.weather.strikes("api"):
                self.world.score.injected[ANSWER_LOST] += 1
            elif answer and (not answer.is_server_error or answer.json()["code"] == "provider_unavailable"):
                self.gone = self.gone or (answer.status_code == 410 and answer.json()["code"] == "account_erased")
                return ask.accept(answer)
            scheduler.pause(random.uniform(0.5, 2 ** min(attempt, 5)))
        return ask.accept(GIVEN_UP)

    def _token_is_over(self) -> bool:
        """No access token is good for more than a day, and who has left can't sign in."""
        left = self.world.watch.leaving.left.get(self.name)
        return left is not None and self.world.now() > left.erased_at + DAY
