"""A small crowd on the deployed stack: what the load command's users do, and how it counts them."""

from pathlib import Path

from operations.progress import Progress
from proofs.load.crowd import visit
from proofs.load.tally import IMAGES, VISIT
from tests.e2e.world import World


def test_a_crowd_is_counted_and_an_error_ends_its_users_visit(world: World, tmp_path: Path) -> None:
    world.misbehave(replicate={"outcome": ["flagged", "succeeded", "succeeded"]})
    tally = visit(world.running, 3, 0.5, tmp_path, Progress())
    assert tally.errors == {f"{IMAGES}: ended as partial": 1}
    rows = {row.route: row for row in tally.rows()}
    counts = {route: row.count for route, row in rows.items() if not route.startswith("GET /")}
    assert counts == {
        "PUT /consents/third_party_ai": 3,
        "PUT /consents/face_comparison": 3,
        "POST /orders": 3,
        "POST window (Toss)": 3,
        "POST /orders/*/confirm": 3,
        "POST /uploads": 3,
        "PUT photo (S3)": 3,
        "WAIT for the check": 3,
        "POST /generations": 3,
        IMAGES: 3,
        "GET image (edge)": 2 * 4,
        "PUT /generations/*/selection": 2,
        VISIT: 2,
    }
    assert all(0 < row.ms[50] <= row.ms[99] <= row.ms[100] for row in rows.values())
    assert not (tmp_path / "tokens").exists()
