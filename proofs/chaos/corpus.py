"""``python -m proofs.chaos.corpus DIR``: the bad photos, as files; the tests and the fuzzer take them from here."""

import argparse
import mimetypes
import sys
from pathlib import Path

from local.photos import any as any_format
from local.photos import heic, jpeg, png, webp
from local.photos.case import Case


def corpus() -> list[Case]:
    """Every photo, by a name of its own."""
    return [case for module in (any_format, jpeg, png, webp, heic) for case in module.cases()]


def write(folder: Path) -> int:
    """Write each photo into ``folder``, and what must become of it into ``INDEX.txt``; answers how many."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for case in corpus():
        file = folder / f"{case.name}{mimetypes.guess_extension(case.content_type) or '.heic'}"
        file.write_bytes(case.make())
        lines.append(f"{file.name:<50} {file.stat().st_size:>10}  {case.content_type:<10}  {' | '.join(case.ends)}\n")
    (folder / "INDEX.txt").write_text("".join(lines), encoding="utf-8")
    return len(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.chaos.corpus", description="Write the bad photos to files.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to; made if it is not there")
    folder: Path = parser.parse_args(arguments).folder
    print(f"{write(folder)} photos in {folder}; INDEX.txt says what must become of each")
    return 0


if __name__ == "__main__":
    sys.exit(main())
