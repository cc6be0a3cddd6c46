"""The use cases, wired to the fakes as `veil.bootstrap` wires them to the adapters."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from tests.fakes.accounts import MemoryAccounts
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.comfy import FakeComfy, MemoryPollQueue
from tests.fakes.consents import MemoryConsents
from tests.fakes.edge import MemoryEdge
from tests.fakes.events import MemoryBus, MemoryDeliveries, MemoryOutbox, MemoryWorkQueue
from tests.fakes.generations import MemoryGenerations, MemoryWorkList
from tests.fakes.ledger import MemoryLedger
from tests.fakes.limits import MemoryRateLimiter, MemoryTokens, RecordingTelemetry
from tests.fakes.matcher import FakeMatcher
from tests.fakes.photos import FakeFaces, FakeReader, MemoryPhotos
from tests.fakes.replicate import SIGNED, FakeOutputs, FakeReplicate
from tests.fakes.store import MemoryStore
from tests.fakes.uploads import MemoryUploads
from veil.domain.consents import ConsentKind, latest
from veil.domain.credits import Balance
from veil.domain.deadlines import Policy
from veil.domain.generation import Generation
from veil.domain.image_models import CATALOGUE, COMFY, REPLICATE, ImageModelSpec
from veil.domain.output_checks import check_size
from veil.domain.ports import AttemptRef, WorkKind
from veil.domain.predictions import PredictionStatus
from veil.domain.uploads import Upload, UploadStatus
from veil.use_cases.announce import Announce
from veil.use_cases.ask import Ask
from veil.use_cases.ask_later import AskLater
from veil.use_cases.cancel import Cancel
from veil.use_cases.check import CheckPhoto
from veil.use_cases.check_likeness import CheckLikeness
from veil.use_cases.consents import ChangeConsents
from veil.use_cases.continue_deletion import ContinueDeletion
from veil.use_cases.continue_generation import ContinueGeneration
from veil.use_cases.credits import Credits
from veil.use_cases.end_images import EndImages
from veil.use_cases.forget import Forget
from veil.use_cases.gallery import Gallery
from veil.use_cases.generate import Generate, Offer
from veil.use_cases.hand_over import HandOver
from veil.use_cases.poll import Poll
from veil.use_cases.receive_webhook import ReceiveWebhook
from veil.use_cases.refund import Refund
from veil.use_cases.settle import Settle, Settlement
from veil.use_cases.start import StartQueued
from veil.use_cases.sweep import Continue, Sweep, SweepReport
from veil.use_cases.uploads import CreateUpload, GetUpload

MODEL = "black-forest-labs/flux-kontext-pro"
PRICE = CATALOGUE[MODEL].price
POLICY = Policy(max_attempts=3, prediction_timeout=300, check_ages=(90, 300, 900, 1800, 2700))
OFFER = Offer(model=MODEL, images=4, credits_per_image=1, welcome_credits=8)
URL = "https://replicate.delivery/"
REQUIRED = (ConsentKind.THIRD_PARTY_AI,)


def in_turn(calls: Iterable[Callable[[], None]]) -> None:
    """`veil.domain.ports.InParallel`, one after the other, so that a test knows their order."""
    for call in calls:
        call()


def as_it_is[T](port: T) -> T:
    return port


class World:
    """All of Veil in memory. ``through`` may stand between each port and the use cases. Ada has agreed to what is
    required.
    """

    def __init__(
        self,
        *,
        policy: Policy = POLICY,
        offer: Offer = OFFER,
        models: Sequence[ImageModelSpec] = (CATALOGUE[MODEL],),
        least: int = 80,
        through: Callable[..., object] = as_it_is,
    ) -> None:
        self.clock, self.ids, self.telemetry = FakeClock(), FakeIds(), RecordingTelemetry()
        self.store = MemoryStore(self.ids)
        self.policy, self.offer, self.models, self.least = policy, offer, models, least
        self.photos, self.model, self.outputs = MemoryPhotos(self.clock), FakeReplicate(), FakeOutputs()
        self.accounts, self.generations = MemoryAccounts(self.store), MemoryGenerations(self.store)
        self.ledger, self.work = MemoryLedger(self.store), MemoryWorkList(self.store)
        self.uploads, self.limiter = MemoryUploads(self.store), MemoryRateLimiter(limit=1000, window=600)
        self.consents, self.matcher = MemoryConsents(self.store), FakeMatcher()
        self.edge = MemoryEdge()
        self.to_tell, self.bus, self.deliveries = MemoryWorkQueue(), MemoryBus(), MemoryDeliveries()
        self.outbox = MemoryOutbox(self.store)
        self.comfy, self.polls = FakeComfy(), MemoryPollQueue()
        self.tokens, self.reader, self.faces = MemoryTokens(), FakeReader(), FakeFaces()
        self._wire(through)
        self.decide()

    def _wire(self, through: Callable[..., object]) -> None:
        def of[T](port: T) -> T:
            return through(port)  # type: ignore[return-value]

        clock, telemetry = self.clock, self.telemetry
        ledger, photos, generations = of(self.ledger), of(self.photos), of(self.generations)
        polled = {COMFY: of(self.comfy)}
        providers = {REPLICATE: of(self.model), **polled}
        self.ask_later = AskLater(polled, of(self.polls), telemetry)
        forget = Forget(polled, telemetry)
        accounts, uploads, limiter = of(self.accounts), of(self.uploads), of(self.limiter)
        to_tell = of(self.to_tell)
        self.refund = Refund(ledger, to_tell, clock, telemetry)
        self.start = StartQueued(
            ledger=ledger,
            photos=photos,
            providers=providers,
            polled=polled,
            models=self.models,
            tokens=self.tokens,
            ask_later=self.ask_later,
            refund=self.refund,
            in_parallel=in_turn,
            clock=clock,
            telemetry=telemetry,
            webhook_url="https://api.test/",
            photo_url_seconds=600,
        )
        consents = of(self.consents)
        self.check_likeness = CheckLikeness(consents, of(self.matcher), self.least, self.policy, clock, telemetry)
        checks = (check_size, self.check_likeness)
        self.settle = Settle(
            ledger=ledger,
            photos=photos,
            outputs=of(self.outputs),
            checks=checks,
            start=self.start,
            refund=self.refund,
            forget=forget,
            events=to_tell,
            policy=self.policy,
            clock=clock,
            telemetry=telemetry,
        )
        self.receive = ReceiveWebhook({REPLICATE: self.model}, self.tokens, generations, self.settle, telemetry)
        work = of(self.work)
        cancel = Cancel(providers, telemetry)
        ask = Ask(ledger, providers, polled, self.settle, cancel, forget, self.policy, clock, telemetry)
        self.poll = Poll(generations, ask, self.ask_later, self.policy, clock, telemetry)
        tell = HandOver(work, to_tell, clock)
        continue_generation = ContinueGeneration(
            work=work,
            photos=photos,
            ask=ask,
            start=self.start,
            refund=self.refund,
            cancel=cancel,
            forget=forget,
            tell=tell,
            policy=self.policy,
            clock=clock,
        )
        self.end_images = EndImages(generations, self.refund, cancel, forget)
        continues: dict[WorkKind, Continue] = {
            WorkKind.GENERATION: continue_generation,
            WorkKind.DELETED: ContinueDeletion(work, photos, self.edge, self.policy, clock),
        }
        continues[WorkKind.EVENT] = tell
        self.announce = Announce(
            generations,
            of(self.outbox),
            of(self.bus),
            of(self.deliveries),
            lambda user: self.accounts.erased(user, clock()),
            clock,
            telemetry,
        )
        self.sweep = Sweep(work, continues, in_turn, clock, telemetry)
        self.generate = Generate(
            ledger,
            accounts,
            generations,
            limiter,
            self.start,
            self.policy,
            self.offer,
            REQUIRED,
            clock,
            self.ids,
            telemetry,
        )
        self.change_consents = ChangeConsents(consents, clock, self.ids)
        self.gallery = Gallery(generations, photos, self.edge, clock)
        self.credits = Credits(accounts, clock, self.offer.welcome_credits)
        self.create_upload = CreateUpload(uploads, photos, consents, REQUIRED, limiter, clock, self.ids)
        self.get_upload = GetUpload(uploads, clock)
        self.check = CheckPhoto(uploads, photos, self.reader, self.faces, telemetry)

    def ready_upload(self, user: str) -> str:
        """The id of a photo that has passed its check, of a user who agreed to its use."""
        self.decide(user)
        upload = Upload(user, self.ids(self.clock()), "image/jpeg", 5, self.clock(), UploadStatus.READY, None, 3, 4)
        self.uploads.create(upload)
        return upload.id

    def decide(
        self, user: str = "ada", kind: ConsentKind = ConsentKind.THIRD_PARTY_AI, *, granted: bool = True
    ) -> None:
        """Agree to the newest version of a text, or take it back."""
        self.change_consents.decide(user, kind, latest(kind), granted=granted)

    def generation(self, user: str = "ada", style: str = "classic") -> Generation:
        """A new generation, started as ``self.model`` will have it."""
        generation, _ = self.generate(user, self.ready_upload(user), style, None)
        return generation

    def now(self, generation: Generation) -> Generation:
        """The generation as it stands."""
        return self.store.generations[generation.user, generation.id]

    def balance(self, user: str = "ada") -> Balance:
        return self.credits.balance(user)

    def finish(self, prediction_id: str, status: PredictionStatus, data: bytes | Exception | None = None) -> None:
        """End a prediction; ``data`` is what its output is, or the error of fetching it."""
        if data is None:
            self.model.finish(prediction_id, status)
            return
        self.outputs.found[URL + prediction_id] = data
        self.model.finish(prediction_id, status, URL + prediction_id)

    def succeed(self, prediction_id: str) -> None:
        self.finish(prediction_id, PredictionStatus.SUCCEEDED, b"an image of " + prediction_id.encode())

    def webhook(self, prediction_id: str) -> Settlement:
        """Deliver a prediction's callback, as it is now."""
        return self.receive(REPLICATE, self.model.started[prediction_id].token, SIGNED, prediction_id.encode())

    def run_polls(self, seconds: int) -> None:
        """Let so many seconds pass, and each message of the poll's queue come at its time."""
        due = [(self.clock() + wait, ref) for ref, wait in self.polls.waiting]
        self.polls.waiting.clear()
        end = self.clock() + seconds
        while due and min(due, key=_date)[0] <= end:
            due.remove(first := min(due, key=_date))
            self.clock.advance(first[0] - self.clock())
            self.poll(first[1])
            due += [(self.clock() + wait, ref) for ref, wait in self.polls.waiting]
            self.polls.waiting.clear()
        self.clock.advance(end - self.clock())
        self.polls.waiting.extend((ref, round(at - end)) for at, ref in due)

    def run_sweep(self) -> SweepReport:
        return self.sweep(lambda: True)

    def tell(self) -> None:
        """Whatever was handed over is told."""
        while self.to_tell.items:
            self.announce(self.to_tell.items.pop(0))

    def sweep_for(self, minutes: int) -> Sequence[SweepReport]:
        """Let time pass, with a sweep each minute, and what was handed over is told."""
        reports = []
        for _ in range(minutes):
            self.clock.advance(60)
            reports.append(self.run_sweep())
            self.tell()
        return reports

    def stray_objects(self) -> set[str]:
        """The keys of results that no stored image stands for, or that are not what it says."""
        named = {
            one.result_key(image.index): image.output
            for one in self.store.generations.values()
            for image in one.images
            if image.output
        }
        stray = set()
        for key, found in self.photos.objects.items():
            output = named.get(key)
            same = output and (output.size, output.sha256) == (len(found.data), sha256(found.data).hexdigest())
            if key.startswith("results/") and not same:
                stray.add(key)
        return stray


def _date(waiting: tuple[float, AttemptRef]) -> float:
    return waiting[0]
