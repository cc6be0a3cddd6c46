"""What happens to a generation next, and when: the sweep's rules in words."""

from veil.domain.deadlines import Policy
from veil.domain.generation import Generation, ImageStatus
from veil.use_cases.sweep import LATE_SECONDS


def next_step(generation: Generation, policy: Policy, now: float) -> str:
    """One sentence; it says so where the sweep should have come already, or never will."""
    if generation.due_at is None:
        if generation.open_images:
            return "nothing will happen: images are open, and no sweep will look at it. Run the audit"
        return "none: it is finished"
    step, late_by = _step(generation, policy, now), now - generation.due_at
    if late_by > LATE_SECONDS:
        return f"the sweep is {late_by:.0f} s late: look whether it runs. Then {step}"
    return step


def _step(generation: Generation, policy: Policy, now: float) -> str:
    if generation.deleted:
        return "the sweep deletes its images once more, and looks no more"
    if generation.unannounced:
        return (
            "unless that is done before, the sweep hands its end to notify, which tells others, and deletes what was "
            "stored for a refunded image, if anything was"
        )
    if not generation.open_images:
        return "the sweep deletes what was stored for a refunded image, if anything was, and looks no more"
    if policy.out_of_time(generation, now):
        return "the sweep refunds the images that are still open: the deadline has passed"
    steps = []
    if any(image.status is ImageStatus.QUEUED for image in generation.images):
        steps.append("starts the images that are queued")
    if running := [image for image in generation.images if image.status is ImageStatus.RUNNING]:
        overdue = sum(policy.overdue(image, now) for image in running)
        steps.append(f"asks the providers about {len(running)} running images, of which {overdue} are overdue")
    return f"unless a callback comes before, the sweep {' and '.join(steps)}"
