"""``python -m proofs.chaos.fuzz``: bad photos that no corpus has, grown from the corpus by coverage (atheris)."""

import argparse
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from local.processes import LocalError
from proofs.chaos.corpus import corpus

ROOT = Path(__file__).parents[2]
OUT = Path("out") / "fuzz"
TARGET = "proofs.chaos.fuzz_target:reader"
MAX_BYTES = 64 * 2**10  # of one input; larger ones say nothing that smaller ones do not, and take longer
# A child begins with its parent's peak of memory, which a whole run of the tests makes more than 1500 MB.
BOUNDS = ("-rss_limit_mb=4000", "-timeout=10", f"-max_len={MAX_BYTES}")
SAYS_EVERY = 10  # seconds
# What a mutation puts in by the name: the words of the four formats, which no coverage of C code leads to.
WORDS = (
    *("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "iCCP", "eXIf", "zTXt", "iTXt", "tEXt", "acTL", "fcTL", "fdAT"),
    *("RIFF", "WEBP", "VP8X", "VP8L", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP"),
    *("ftyp", "heic", "mif1", "meta", "hdlr", "pitm", "iinf", "infe", "iloc", "iprp", "ipco", "ipma", "ispe", "hvcC"),
    *("irot", "imir", "clap", "colr", "auxC", "iref", "dimg", "auxl", "cdsc", "grid", "iovl", "iden", "mdat", "idat"),
    *("Exif", "JFIF", "Adobe", "ICC_PROFILE", "MPF", "Photoshop"),
    *(f"\\xff\\x{marker:02x}" for marker in (0xC0, 0xC2, 0xC4, 0xC9, 0xD9, 0xDA, 0xDD, 0xE1, 0xEE)),
)
_PULSE = re.compile(r"#(?P<executions>\d+)\t.*cov: (?P<coverage>\d+).*corp: (?P<kept>\d+)")
_DONE = re.compile(r"stat::number_of_executed_units:\s*(?P<executions>\d+)")

type Say = Callable[[str], None]


@dataclass(frozen=True)
class FuzzReport:
    """``coverage``: branches of the Python code that were seen; ``kept``: inputs that each found something new;
    ``findings``: files with inputs at which the check did anything but answer or reject; ``why``: their tracebacks.
    """

    executions: int = 0
    seconds: float = 0.0
    findings: tuple[Path, ...] = ()
    coverage: int = 0
    kept: int = 0
    why: str = ""


def run(
    seconds: int,
    seed: int,
    *,
    target: str = TARGET,
    seeds: Path | None = None,
    out: Path = OUT,
    say: Say = print,
) -> FuzzReport:
    """Fuzz the check's reader for so long; the first finding ends it. ``target``: see `proofs.chaos.fuzz_target`;
    ``seeds``: a folder of photos to begin with, instead of the bad ones.

    Raises `LocalError` where there is no atheris, and when the fuzzer itself does not run.
    """
    _require_atheris()
    started = monotonic()
    with TemporaryDirectory(prefix="veil-fuzz-") as temporary:
        work = Path(temporary)
        words, grown, found = work / "words", work / "grown", work / "found"
        words.write_text("".join(f'"{word}"\n' for word in WORDS), encoding="ascii")
        grown.mkdir()
        found.mkdir()
        options = (f"-max_total_time={seconds}", f"-seed={seed}", f"-dict={words}", f"-artifact_prefix={found}/")
        begin = seeds or write_seeds(work / "seeds")
        with _child(target, *BOUNDS, *options, "-print_final_stats=1", str(grown), str(begin)) as child:
            report, log = _follow(child, say)
            child.wait()
        findings = tuple(_keep(file, out) for file in sorted(found.iterdir()))
        if child.returncode and not findings:
            raise LocalError(f"the fuzzer ended with {child.returncode}: {log[-1500:]}")
    why = log[max(log.find("==="), 0) :] if findings else ""
    return replace(report, seconds=round(monotonic() - started, 1), findings=findings, why=why)


def write_seeds(folder: Path) -> Path:
    """Write the bad photos that are small enough; answers the folder."""
    folder.mkdir()
    for case in corpus():
        if not case.bomb and len(data := case.make()) <= MAX_BYTES:
            (folder / case.name).write_bytes(data)
    return folder


def replay(file: Path, *, target: str = TARGET) -> tuple[bool, str]:
    """Read one input once more; answers whether all was well, and what was said."""
    _require_atheris()
    if not file.is_file():
        raise LocalError(f"{file} is no file")
    with _child(target, *BOUNDS, str(file.resolve())) as child:
        said, _ = child.communicate()
    return child.returncode == 0, said


def _require_atheris() -> None:
    if importlib.util.find_spec("atheris") is None:
        raise LocalError("fuzzing needs atheris, which there is for Linux only; all the rest runs here too")


@contextmanager
def _child(target: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The fuzzer, in a session of its own: Ctrl-C is ours, and ends it."""
    command = [sys.executable, "-m", "proofs.chaos.fuzz_target", target, *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def _follow(child: subprocess.Popen[str], say: Say) -> tuple[FuzzReport, str]:
    """Tell how it goes, now and then; answers what it came to, and its last words."""
    report, log, started, said = FuzzReport(), "", monotonic(), monotonic()
    for line in child.stdout or ():
        if seen := _PULSE.match(line) or _DONE.match(line):
            report = replace(report, **{name: int(value) for name, value in seen.groupdict().items()})  # type: ignore[arg-type]
            if monotonic() - said >= SAYS_EVERY:
                said = monotonic()
                say(f"  {said - started:4.0f} s  {_figures(report)}")
        else:
            log = (log + line)[-20_000:]
    return report, log


def _figures(report: FuzzReport) -> str:
    return f"{report.executions} executions, coverage {report.coverage}, {report.kept} inputs kept"


def _keep(found: Path, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(found, out / found.name))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.chaos.fuzz", description="Fuzz the check of photos.")
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (default: 1)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read this input once more instead")
    parsed = parser.parse_args(arguments)
    try:
        if parsed.replay:
            well, said = replay(parsed.replay)
            print("nothing is wrong with it" if well else said)
            return 0 if well else 1
        report = run(parsed.seconds, parsed.seed)
    except LocalError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped")
        return 130
    return _told(report)


def _told(report: FuzzReport) -> int:
    print(f"{_figures(report)} in {report.seconds:.0f} s; {len(report.findings)} findings")
    if report.findings:
        print(report.why)
    for file in report.findings:
        print(f"{file}: .venv/bin/python -m proofs.chaos.fuzz --replay {file}")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
