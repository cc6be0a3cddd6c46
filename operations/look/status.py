"""A stage at a glance: what is open and late on it, what rings, what it spent and took today."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from operations.audit.finding import utc
from operations.look.find import EVER
from operations.look.stack import HOUR, Alarm, DeployedStack, Function, Queue
from operations.stage import Stage
from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.adapters.dynamodb.table import Table
from veil.domain.credits import SEOUL
from veil.domain.ids import created_at, is_id
from veil.domain.ports import Clock, WorkItem, WorkKind
from veil.use_cases.sweep import LATE_SECONDS

WORDS: Mapping[WorkKind, str] = {
    WorkKind.GENERATION: "generations",
    WorkKind.DELETED: "deletions",
    WorkKind.ORDER: "orders",
    WorkKind.REFUND: "refunds",
    WorkKind.SUBSCRIPTION: "subscriptions",
    WorkKind.CREDITS: "accounts that owe",
    WorkKind.ERASURE: "erasures",
    WorkKind.EVENT: "events to be told",
}
AGES = (300, 2700, HOUR)  # seconds: a generation's second look, its deadline, the promise that it has ended
SILENT_SECONDS = 900  # without a sweep; as the alarm has it
MONEY: Mapping[str, str] = {  # our metrics, and what they count
    "ProviderCost": "USD spent at providers",
    "CreditsReserved": "credits reserved",
    "CreditsCaptured": "credits captured",
    "CreditsRefunded": "credits refunded",
    "OrdersPaid": "orders paid",
    "MoneyIn": "KRW taken",
    "MoneyRefunded": "KRW given back",
    "MoneyTakenBack": "KRW taken back by others",
}


@dataclass
class Work:
    """What stands on the work list of one kind; dates are epoch seconds. ``ages`` are those of generations, in
    seconds, by their ids.
    """

    open: int = 0
    due: int = 0
    late: int = 0
    oldest_due: float | None = None
    ages: list[float] = field(default_factory=list)

    def add(self, item: WorkItem, now: float) -> None:
        self.open += 1
        self.due += item.due_at <= now
        self.late += now - item.due_at > LATE_SECONDS
        self.oldest_due = item.due_at if self.oldest_due is None else min(self.oldest_due, item.due_at)
        if item.kind is WorkKind.GENERATION and is_id(item.id):
            self.ages.append(now - created_at(item.id))

    def older(self, than: float) -> int:
        return sum(age > than for age in self.ages)


@dataclass(frozen=True)
class Status:
    """``today`` is the day in Seoul so far, ``hour`` the last sixty minutes: sums by our metrics' names, None where no
    function told of one. Times are epoch seconds.
    """

    stage: str
    at: float
    work: Mapping[WorkKind, Work]
    queues: Sequence[Queue]
    alarms: Sequence[Alarm]
    today: Mapping[str, float | None]
    hour: Mapping[str, float | None]
    last_sweep: float | None
    functions: Sequence[Function]

    @property
    def wrong(self) -> list[str]:
        """What somebody should look at, in words; empty where all is well."""
        return list(self._wrong())

    def _wrong(self) -> Iterator[str]:
        for alarm in self.alarms:
            yield f"{alarm.name} rings since {utc(alarm.since)}: {alarm.what}"
        for kind, work in self.work.items():
            if work.late:
                yield f"{work.late} {WORDS[kind]} are more than {LATE_SECONDS // 60} minutes past their date"
        if overdue := self._generations.older(HOUR):  # open, or finished and still to be told or cleaned up
            yield f"{overdue} generations are on the work list more than an hour after they began"
        for queue in self.queues:
            if queue.redrive and queue.waiting + queue.in_flight:
                yield f"{queue.waiting + queue.in_flight} messages failed every try: {queue.name}"
        if self.last_sweep is None or self.at - self.last_sweep > SILENT_SECONDS:
            yield f"no sweep for {SILENT_SECONDS // 60} minutes"

    @property
    def _generations(self) -> Work:
        return self.work.get(WorkKind.GENERATION, Work())

    def as_json(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "at": utc(self.at),
            "work": [_work_as_json(kind, work, self.at) for kind, work in self.work.items()],
            "queues": [queue._asdict() for queue in self.queues],
            "alarms": [{**alarm._asdict(), "since": utc(alarm.since)} for alarm in self.alarms],
            "today": dict(self.today),
            "hour": dict(self.hour),
            "last_sweep": None if self.last_sweep is None else utc(self.last_sweep),
            "functions": [function._asdict() for function in self.functions],
            "wrong": self.wrong,
        }

    def lines(self) -> Iterator[str]:
        yield f"veil-{self.stage} at {utc(self.at)}"
        yield "work list:" if self.work else "work list: empty"
        for kind, work in self.work.items():
            yield f"  {WORDS[kind]:<20} {work.open:>6}, {_due(work, self.at)}"
        if ages := self._generations.ages:
            young, middle, old = (self._generations.older(age) for age in AGES)
            yield f"  of the generations {len(ages) - young} are younger than 5 minutes, {young - middle} younger"
            yield f"  than 45, {middle - old} than an hour, {old} older"
        yield "queues:"
        for queue in self.queues:
            yield f"  {queue.name}: {queue.waiting} waiting, {queue.in_flight} in flight"
        yield f"{'money, as far as the metrics tell:':<36} {'today':>12} {'last hour':>12}"
        for metric, what in MONEY.items():
            yield f"  {what:<34} {_figure(self.today[metric]):>12} {_figure(self.hour[metric]):>12}"
        yield f"last sweep: {utc(self.last_sweep) if self.last_sweep else 'none for half an hour'}"
        yield "functions:"
        for function in self.functions:
            yield f"  {function.name:<14} deployed {function.deployed_at}, code {function.code}"
        wrong = self.wrong
        yield from (f"! {each}" for each in wrong)
        yield f"{len(wrong)} to look at" if wrong else "Nothing rings, nothing is late."


def status_of(stage: Stage, clock: Clock) -> Status:
    """Read it all. Raises `StorageUnavailable`, and what AWS refuses as botocore does."""
    stack, now = DeployedStack(stage, clock), clock()
    work: defaultdict[WorkKind, Work] = defaultdict(Work)
    for item in DynamoWorkList(Table(stage.client("dynamodb"), stage.table)).due(EVER):
        work[item.kind].add(item, now)
    midnight = datetime.fromtimestamp(now, SEOUL).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    return Status(
        stage=stack.name,
        at=now,
        work={kind: work[kind] for kind in WorkKind if kind in work},
        queues=sorted(stack.queues()),
        alarms=sorted(stack.ringing()),
        today=stack.sums(tuple(MONEY), midnight),
        hour=stack.sums(tuple(MONEY), now - HOUR),
        last_sweep=stack.last_sweep(),
        functions=list(stack.functions()),
    )


def _work_as_json(kind: WorkKind, work: Work, now: float) -> dict[str, Any]:
    oldest = None if work.oldest_due is None else utc(work.oldest_due)
    late_by = 0 if work.oldest_due is None else max(0, round(now - work.oldest_due))
    counts = {"open": work.open, "due": work.due, "late": work.late, "oldest_due": oldest, "late_by_seconds": late_by}
    ages = {f"older_than_{age}_seconds": work.older(age) for age in AGES} if work.ages else {}
    return {"kind": kind.value, **counts, **ages}


def _due(work: Work, now: float) -> str:
    oldest = work.oldest_due or now
    if not work.due:
        return f"none due before {utc(oldest)}"
    return f"{work.due} due, the oldest for {now - oldest:.0f} s"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")
