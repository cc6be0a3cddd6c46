"""A small crowd on the deployed stack: what the load command's users do, and what it makes of it."""

from pathlib import Path

from local.progress import Progress
from proofs.load.crowd import Crowd
from proofs.load.tally import PORTRAITS, VISIT
from tests.e2e.world import World


def test_a_crowd_is_counted_and_an_error_ends_its_users_visit(world: World, tmp_path: Path) -> None:
    world.misbehave(replicate={"outcome": ["flagged", "succeeded", "succeeded"]})
    tally = Crowd(world.running, users=3, ramp=0.5, state=tmp_path).visit(Progress())
    assert tally.errors == {f"{PORTRAITS}: ended as partial": 1}
    rows = {row.route: row for row in tally.rows()}
    counts = {route: row.count for route, row in rows.items() if not route.startswith("GET /")}
    assert counts == {
        "POST /uploads": 3,
        "PUT photo (S3)": 3,
        "WAIT for the check": 3,
        "POST /generations": 3,
        PORTRAITS: 3,
        "GET portrait (S3)": 2 * 4,
        "PUT /…/selection": 2,
        VISIT: 2,
    }
    assert all(0 < row.ms[50] <= row.ms[99] <= row.ms[100] for row in rows.values())
    assert not (tmp_path / "tokens").exists()
