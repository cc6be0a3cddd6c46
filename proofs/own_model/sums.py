"""The arithmetic: what a month of images costs with a machine of one's own, and without one."""

from dataclasses import dataclass
from math import ceil

from proofs.own_model.sheet import Machine, Sheet

DAYS = 365 / 12  # in a month


@dataclass(frozen=True)
class Sums:
    """``disk_gb``: of the machine. Amounts are USD a month."""

    sheet: Sheet
    disk_gb: int

    def api(self, name: str, generations: int) -> float:
        """All images by a model that others run."""
        return generations * self.sheet.images * self.sheet.api[name].usd_per_image

    def standing(self, machine: Machine) -> float:
        """What the machine takes, whatever it makes: itself, its disk and its address, for its hours."""
        hours, beside = machine.hours_per_day * DAYS, self.sheet.beside
        disk = self.disk_gb * beside.disk_usd_per_gb * machine.hours_per_day / 24
        return hours * (machine.usd_per_hour + beside.address_usd_per_hour) + disk + beside.alarms_usd

    def most_images(self, machine: Machine) -> int:
        """What one machine can make in a month."""
        speed = self.sheet.speed
        return int(machine.hours_per_day * DAYS * 3600 * speed.most_busy / speed.seconds_per_image)

    def own(self, machine: Machine, generations: int, beyond: str) -> float:
        """With the machine; what comes outside of its hours, or is too much for it, by ``beyond``, which others run."""
        images = generations * self.sheet.images
        made = min(images * machine.serves, self.most_images(machine))
        return self.standing(machine) + (images - made) * self.sheet.api[beyond].usd_per_image

    def pays_from(self, machine: Machine, instead_of: str) -> int | None:
        """Generations a month from which the machine is cheaper than that model; None if it can't make so many."""
        made = self.standing(machine) / self.sheet.api[instead_of].usd_per_image
        return None if made > self.most_images(machine) else ceil(made / machine.serves / self.sheet.images)
