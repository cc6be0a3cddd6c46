"""Nobody pays for a photo that they did not get, and nobody gets one unpaid: whatever is lost, doubled, reordered or
late, wherever a process dies, and however the use cases interleave.
"""

from hashlib import sha256

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes.replicate import SIGNED, Lost
from tests.fakes.world import PRICE, World
from tests.properties.arrows import check_write
from tests.properties.tasks import KILLED, THROUGH, Fault, Gated, Task, Way
from veil.domain.credits import EntryKind
from veil.domain.deadlines import CLEANUP_SECONDS
from veil.domain.events import generation_finished
from veil.domain.generation import Generation, ImageStatus
from veil.domain.image_models import REPLICATE
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import BadOutput, OutputUnavailable, PredictionStatus, Refused, Throttled
from veil.use_cases.generate import Offer

OFFER = Offer("black-forest-labs/flux-kontext-pro", images=3, credits_per_image=2, welcome_credits=32)
USERS = ("ada", "bob")
GIVEN = (EntryKind.GRANT, EntryKind.PURCHASE)
FUNCTION_SECONDS = CLEANUP_SECONDS // 2  # no function runs longer: a task that is older has been killed

calls = st.sampled_from([0, 1, 2, 3, 3, 3, 4, 5, 7, 10, 14])  # three: a webhook between its copy and its capture
ways = st.one_of(st.just(THROUGH), st.builds(Way, calls), st.builds(Way, calls, st.sampled_from(Fault)))
users = st.sampled_from(USERS)
picks = st.integers(0, 3)  # of the newest: that is where things meet
answers = st.sampled_from([None, Throttled(), Throttled(240.0), Refused(402), Lost(runs=True), Lost(runs=False)])
outputs = st.sampled_from([b"portrait", b"a larger portrait", BadOutput("no image"), OutputUnavailable("503")])
unfinished = st.sampled_from([one for one in PredictionStatus if one not in ("running", "succeeded")])
jumps = st.sampled_from([1, 30, 59, 61, 90, 121, 300, 361, 900, 1800])


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(offer=OFFER, through=Gated)
        self.world.store.watch = self.seen
        self.tasks: list[Task] = []
        self.generations: dict[str, Generation] = {}  # as last seen, also when they are gone
        self.uploads = {user: self.world.ready_upload(user) for user in USERS}

    def seen(self, before: Generation | None, after: Generation) -> None:
        check_write(before, after)
        self.generations[after.id] = after

    def begin(self, work: object, way: Way) -> None:
        task = Task(work, self.world.clock())  # type: ignore[arg-type]
        self.tasks.append(task)
        task.go(way)
        self.tasks = [one for one in self.tasks if not one.ended]

    @initialize()
    def begin_with_one(self) -> None:
        self.generate("ada", None, THROUGH)

    @rule(user=users, key=st.sampled_from([None, "first", "second"]), way=ways)
    def generate(self, user: str, key: str | None, way: Way) -> None:
        self.begin(lambda: self.world.generate(user, self.uploads[user], "classic", key), way)

    @rule(
        user=users,
        reference=st.sampled_from("xyz"),
        kind=st.sampled_from([EntryKind.GRANT, EntryKind.PURCHASE]),
        way=ways,
    )
    def grant(self, user: str, reference: str, kind: EntryKind, way: Way) -> None:
        self.begin(lambda: self.world.credits.grant(user, 12, reference, kind), way)

    @rule(way=ways)
    def sweep(self, way: Way) -> None:
        self.begin(self.sweep_once, way)

    def sweep_once(self) -> None:
        """What a sweep reports may only be storage that failed."""
        errors = self.world.run_sweep().errors
        _, defects = ExceptionGroup("sweep", errors).split(StorageUnavailable) if errors else (None, None)
        if defects:
            raise defects

    @precondition(lambda self: self.world.to_tell.items)
    @rule(pick=picks, way=ways, twice=st.booleans())
    def tell(self, pick: int, way: Way, twice: bool) -> None:
        """In any order, and sometimes again."""
        waiting = self.world.to_tell.items
        item = waiting[pick % len(waiting)] if twice else waiting.pop(pick % len(waiting))
        self.begin(lambda: self.world.announce(item), way)

    @precondition(lambda self: self.world.model.started)
    @rule(pick=picks, way=ways)
    def webhook_again(self, pick: int, way: Way) -> None:
        self.webhook(pick, way)

    def webhook(self, pick: int, way: Way) -> None:
        """Of any prediction at any time: lost, doubled, late or out of order as the rules have it."""
        prediction_id = self.prediction(pick)
        token = self.world.model.started[prediction_id].token
        self.begin(lambda: self.world.receive(REPLICATE, token, SIGNED, prediction_id.encode()), way)

    @precondition(lambda self: self.generations)
    @rule(pick=picks, way=ways)
    def delete(self, pick: int, way: Way) -> None:
        chosen = self.generation(pick)
        self.begin(lambda: self.world.gallery.delete(chosen.user, chosen.id), way)

    @precondition(lambda self: self.generations)
    @rule(pick=picks, index=st.integers(0, 2), way=ways)
    def select(self, pick: int, index: int, way: Way) -> None:
        chosen = self.generation(pick)
        self.begin(lambda: self.world.gallery.select(chosen.user, chosen.id, index), way)

    @precondition(lambda self: self.tasks)
    @rule(pick=picks, way=ways)
    def go_on(self, pick: int, way: Way) -> None:
        self.resume(pick, way)

    def resume(self, pick: int, way: Way) -> None:
        self.tasks[pick % len(self.tasks)].go(way)
        self.tasks = [one for one in self.tasks if not one.ended]

    @precondition(lambda self: self.world.model.started)
    @rule(pick=picks, output=outputs, way=st.none() | ways)
    def succeed(self, pick: int, output: bytes | Exception, way: Way | None) -> None:
        """With its webhook at once, or without."""
        self.world.finish(self.prediction(pick), PredictionStatus.SUCCEEDED, output)
        if way:
            self.webhook(pick, way)

    @precondition(lambda self: self.world.model.started)
    @rule(pick=picks, outputs=st.tuples(outputs, outputs), way=st.builds(Way, calls))
    def succeed_twice(self, pick: int, outputs: tuple[bytes | Exception, bytes | Exception], way: Way) -> None:
        """Two deliveries of one webhook, the second while the first is under way, that fetch different bytes."""
        self.succeed(pick, outputs[0], way)
        self.succeed(pick, outputs[1], THROUGH)
        if self.tasks:
            self.resume(-1, THROUGH)

    @precondition(lambda self: self.world.model.started)
    @rule(pick=picks, status=unfinished, way=st.none() | ways)
    def fail(self, pick: int, status: PredictionStatus, way: Way | None) -> None:
        self.world.finish(self.prediction(pick), status)
        if way:
            self.webhook(pick, way)

    @rule(planned=st.lists(answers, min_size=1, max_size=4), down=st.booleans())
    def plan(self, planned: list[Exception | Lost | None], down: bool) -> None:
        self.world.model.answers.extend(planned)
        self.world.model.down = down

    @rule(seconds=jumps)
    def time_passes(self, seconds: int) -> None:
        self.world.clock.advance(seconds)
        for task in self.tasks:
            if self.world.clock() > task.began + FUNCTION_SECONDS:
                task.go(KILLED)
        self.tasks = [one for one in self.tasks if not one.ended]

    def prediction(self, pick: int) -> str:
        return list(self.world.model.started)[-1 - pick % len(self.world.model.started)]

    def generation(self, pick: int) -> Generation:
        return list(self.generations.values())[-1 - pick % len(self.generations)]

    def teardown(self) -> None:
        """An hour later, with a sweep each minute, there is nothing left to do."""
        for task in self.tasks:
            task.go(KILLED)
        for _ in range(60):
            self.world.clock.advance(60)
            self.sweep_once()
            self.world.tell()
        self.credits_add_up()
        self.all_is_told()
        self.photos_are_what_they_say()
        assert all(not one.open_images for one in self.generations.values())
        assert all(one.due_at is None for one in self.world.store.generations.values())
        assert self.world.stray_objects() == set()

    def all_is_told(self) -> None:
        """Of everything that has finished and stands, to both, and only what is so."""
        told = {event.id for event in self.world.bus.events} & {event.id for event in self.world.deliveries.events}
        for one in self.world.store.generations.values():
            assert one.deleted or generation_finished(one).id in told

    @invariant()
    def what_is_told_is_so(self) -> None:
        so = {one.id: generation_finished(one) for one in self.generations.values() if one.finished_at is not None}
        for event in (*self.world.bus.events, *self.world.deliveries.events):
            assert event == so[str(event.data["generation_id"])]

    @invariant()
    def credits_add_up(self) -> None:
        for user in self.world.store.available:
            entries, available = self.world.store.entries[user], self.world.store.available[user]
            mine = [one for one in self.generations.values() if one.user == user]
            given = sum(one.amount for one in entries if one.kind in GIVEN)
            captured = sum(one.credits_in(ImageStatus.STORED) for one in mine)
            held = sum(one.held for one in mine)
            assert sum(one.amount for one in entries) == available >= 0
            assert given == available + held + captured
            for one in mine:
                back = [
                    entry.amount for entry in entries if (entry.kind, entry.reference) == (EntryKind.REFUND, one.id)
                ]
                assert sum(back) == one.credits_in(ImageStatus.REFUNDED)
                assert len(back) <= len(one.images)

    @invariant()
    def photos_are_what_they_say(self) -> None:
        for one in self.world.store.generations.values():
            for image in one.images:
                if image.output and not one.deleted:
                    found = self.world.photos.objects[one.result_key(image.index)].data
                    assert (image.output.size, image.output.sha256) == (len(found), sha256(found).hexdigest())

    @invariant()
    def no_prediction_is_forgotten_in_the_cost(self) -> None:
        billed = [
            self.world.tokens.unseal(one.token).generation_id for one in self.world.model.started.values() if one.billed
        ]
        for one in self.generations.values():
            assert one.cost >= PRICE * billed.count(one.id)


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=200, stateful_step_count=40)
