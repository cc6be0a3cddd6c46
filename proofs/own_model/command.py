"""``python -m proofs own-model``: when a GPU of one's own pays."""

import argparse
from typing import Any

from rich.console import Console

from infra.own_model.pins import Pins
from local.processes import ROOT
from proofs.commands import Sheet as Grid
from proofs.commands import add_command, at_least_one, write_json
from proofs.own_model.sheet import Figure, Sheet
from proofs.own_model.sums import Sums

PAGE = ROOT / "docs" / "guides" / "own-model.md"
BEGINS, ENDS = "<!-- make own-model -->", "<!-- the end of it -->"
GENERATIONS = (1_000, 5_000, 15_000, 50_000)
BEYOND = "kontext"  # who makes what the machine can't


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "own-model", _run, "work out when a GPU of one's own pays")
    parser.add_argument(
        "--generations", type=at_least_one, action="append", metavar="COUNT",
        help="a month; repeatable (default: the guide's, and its tables are written)",
    )  # fmt: skip


def _run(parsed: argparse.Namespace) -> None:
    sums, console = Sums(Sheet.read(), Pins.read().disk_gb), Console(highlight=False)
    counts = parsed.generations or GENERATIONS
    for grid in grids(sums, counts):
        console.print(grid.table(box=None))
    console.print(f"{len(guesses(sums.sheet))} figures are assumed: {', '.join(guesses(sums.sheet))}")
    if not parsed.generations:
        PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), sums), encoding="utf-8")
    if parsed.json:
        write_json(parsed.json, as_json(sums, counts))


def grids(sums: Sums, counts: tuple[int, ...] | list[int]) -> tuple[Grid, Grid]:
    """What a month costs, and from when on each way to have the machine pays."""
    sheet = sums.sheet
    columns = ("USD a month, generations:", *(f"{count:,}" for count in counts))
    others = [(api.name, *(f"{sums.api(name, count):,.0f}" for count in counts)) for name, api in sheet.api.items()]
    ours = [
        (f"own, {machine.name}", *(f"{sums.own(machine, count, BEYOND):,.0f}" for count in counts))
        for machine in sheet.machine.values()
    ]
    pays = [
        (machine.name, f"{sums.standing(machine):,.0f}", f"{sums.most_images(machine) // sheet.images:,}",
         *(_from(sums.pays_from(machine, name)) for name in sheet.api))
        for machine in sheet.machine.values()
    ]  # fmt: skip
    prices = (f"instead of {api.usd_per_image:g} an image" for api in sheet.api.values())
    head = ("one L4", "USD a month", "most generations", *prices)
    return Grid("What a month costs", columns, [*others, *ours]), Grid("When it pays", head, pays)


def _from(generations: int | None) -> str:
    return "never" if generations is None else f"{generations:,}"


def guesses(sheet: Sheet) -> list[str]:
    """The figures that nobody measured."""
    found: dict[str, Figure] = {"speed": sheet.speed, "beside": sheet.beside, **sheet.machine, **sheet.api}
    return sorted(name for name, figure in found.items() if figure.sure == "assumed")


def with_tables(page: str, sums: Sums) -> str:
    """The page, with the tables of `GENERATIONS` between its marks."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    tables = "\n\n".join(grid.markdown() for grid in grids(sums, GENERATIONS))
    return f"{before}{BEGINS}\n\n{tables}\n\n{ENDS}{after}"


def as_json(sums: Sums, counts: tuple[int, ...] | list[int]) -> dict[str, Any]:
    """The same for a program; amounts are USD a month."""
    sheet = sums.sheet
    return {
        "api": {name: {str(count): sums.api(name, count) for count in counts} for name in sheet.api},
        "own": {
            name: {
                "standing": sums.standing(machine),
                "most_images": sums.most_images(machine),
                "pays_from": {api: sums.pays_from(machine, api) for api in sheet.api},
                "months": {str(count): sums.own(machine, count, BEYOND) for count in counts},
            }
            for name, machine in sheet.machine.items()
        },
        "assumed": guesses(sheet),
    }
