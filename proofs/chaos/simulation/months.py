"""Worlds of months: the plan renews three times and more, from the last day of a month on."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random

from proofs.chaos.simulation.environment import new_world
from proofs.chaos.simulation.leaver import Leaver
from proofs.chaos.simulation.member import MONTH_SECONDS, MONTHS, Member
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import PHOTOS, people, run
from proofs.chaos.simulation.users import SimulatedUser
from proofs.chaos.simulation.weather import Weather
from veil.domain.credits import SEOUL

# February and April have no such day; the second lies before February 29th.
STARTS = [datetime(year, 1, day, 12, tzinfo=SEOUL).timestamp() for year, day in ((2026, 31), (2028, 31), (2026, 29))]


def simulate_months(seed: str, members: int, weather: Callable[[Random, Score], Weather] = Weather.drawn) -> Score:
    """So many people take the plan in the same hour."""
    start = STARTS[sum(seed.encode()) % len(STARTS)]
    with new_world(seed, weather, start) as simulated:
        for number in range(members):
            people(simulated, [Member(SimulatedUser(simulated, f"member {number}", PHOTOS, 0)).live])
        if simulated.weather.strikes("leaver"):
            user = SimulatedUser(simulated, "leaver", PHOTOS, 0)
            seconds = simulated.random.uniform(0, MONTHS * MONTH_SECONDS)
            people(simulated, [partial(Leaver(user).live_so, Member(user).live, seconds)])
        run(simulated)
    return simulated.score
