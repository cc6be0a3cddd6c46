"""How much goes wrong: each world draws its own weather, from calm to storm, for each kind of call."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from proofs.chaos.simulation.score import Score

CALM, BREEZE, STORM = 0.0, 0.02, 0.15
WORST = 0.35  # of what the providers do: half their answers may be wrong
OWN = ("comfy submit", "comfy push", "comfy ask", "comfy output", "comfy job", "poll message")
MONEY = (  # kinds of what goes wrong at Toss, and on the way to it and back
    *("toss confirm", "toss charge", "toss cancel", "toss read", "toss issue", "toss delete", "toss answers"),
    *("toss webhook", "message"),
)
ALWAYS = 1.0
KILL = 0.03  # of all invocations
LAST_CALL = 200  # at which one that is doomed may end; most end at one of their first


@dataclass
class Weather:
    """Calm by default. ``rates`` are the shares of calls that go wrong, by kind; ``kill``: the share of processes that
    end early, if they make enough calls for it; ``deaf``: every webhook is lost; ``script``: the faults of a kind's
    next calls, "" for none, before any is drawn.
    """

    random: Random
    score: Score
    rates: dict[str, float] = field(default_factory=dict)
    kill: float = 0.0
    deaf: bool = False
    script: dict[str, deque[str]] = field(default_factory=dict)

    @classmethod
    def drawn(cls, random: Random, score: Score) -> "Weather":
        aws = {
            name: random.choice((CALM, BREEZE, STORM))
            for name in ("dynamodb", "s3", "cloudfront", "secretsmanager", "sqs", "kms")
        }
        others = ("create", "ask", "output", "redis", "azure", "prediction", "webhook", "api", "shape", *MONEY, *OWN)
        rare = {name: random.choice((CALM, BREEZE / 4, BREEZE)) for name in ("slow", "toss lies")}
        people = {name: random.choice((BREEZE, STORM, WORST)) for name in ("buyer", "member", "console", "leaver")}
        rare["deployment"] = random.choice((CALM, ALWAYS))
        of_likeness = {"likeness": random.choice((CALM, BREEZE, STORM, WORST))}
        of_likeness["rekognition"] = random.choice((CALM, BREEZE, STORM, WORST, ALWAYS))  # down for the whole hour
        rare["own model"] = random.choice((CALM, ALWAYS))
        rates = (
            aws | rare | of_likeness | people | {name: random.choice((CALM, BREEZE, STORM, WORST)) for name in others}
        )
        return cls(random, score, rates, random.choice((0.0, KILL, 4 * KILL)), random.random() < 0.1)

    def doom(self) -> int | None:
        """The call at which a process that begins now ends early; None for most. A share of all calls would end what
        makes many of them, the sweep, nearly every time.
        """
        return int(LAST_CALL ** self.random.random()) - 1 if self.random.random() < self.kill else None

    def strikes(self, name: str) -> bool:
        return self.random.random() < self.rates.get(name, CALM)

    def draw(self, name: str, choices: Sequence[str]) -> str:
        """The fault of this call, one of these, counted; "" for none."""
        if script := self.script.get(name):
            chosen = script.popleft()
        else:
            chosen = self.random.choice(choices) if self.strikes(name) else ""
        if chosen:
            self.score.injected[f"{name} {chosen}"] += 1
        return chosen
