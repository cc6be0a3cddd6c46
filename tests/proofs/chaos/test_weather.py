"""What a world draws: how often a process ends early, and which models it has."""

from random import Random

from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import simulate
from proofs.chaos.simulation.weather import ALWAYS, Weather


def test_a_sweep_ends_early_no_more_often_than_a_request() -> None:
    """A share of all processes is doomed, however many calls they make: at any of them, most at one of the first."""
    weather = Weather(Random("doom"), Score(), kill=0.05)
    doomed = [at for _ in range(20_000) if (at := weather.doom()) is not None]
    assert 0.04 < len(doomed) / 20_000 < 0.06
    assert min(doomed) == 0
    assert max(doomed) > 150
    assert sum(at < 20 for at in doomed) > len(doomed) / 2


def test_other_models_are_deployed_under_open_generations() -> None:
    def weather(random: Random, score: Score) -> Weather:
        return Weather(random, score, {"deployment": ALWAYS, "prediction": 0.5})

    score = simulate("deployments", 9, weather)
    assert score.violations == []
    assert score.injected["deployment of other models"] == 2
    assert score.ends["images after attempts with 2 models"]
