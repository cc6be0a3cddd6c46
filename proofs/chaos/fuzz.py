"""``python -m proofs.chaos.fuzz``: bad photos that no corpus has, grown from the corpus by coverage (atheris)."""

import argparse
import importlib.util
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from local.commands import run as run_command
from local.processes import Child, LocalError, clean_environment, poll
from proofs.chaos.corpus import corpus

OUT = Path("out") / "fuzz"
TARGET = "proofs.chaos.fuzz_target:reader"
WORDS = Path(__file__).with_name("words.dict")
MAX_BYTES = 64 * 2**10  # of one input; larger ones find nothing that smaller ones do not, and take longer
# A child begins with its parent's peak of memory, which a whole run of the tests makes more than 1500 MB.
BOUNDS = ("-rss_limit_mb=4000", "-timeout=10", f"-max_len={MAX_BYTES}")
PROGRESS_SECONDS, END_SECONDS = 10, 60
_PULSE = re.compile(r"#(\d+)\t.*cov: (\d+).*corp: (\d+)")
_DONE = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


@dataclass(frozen=True)
class FuzzReport:
    """``coverage``: branches of the Python code that were seen; ``kept``: inputs that each found something new;
    ``findings``: files with inputs at which the check did anything but accept or reject; ``why``: their tracebacks.
    """

    executions: int = 0
    seconds: float = 0.0
    findings: tuple[Path, ...] = ()
    coverage: int = 0
    kept: int = 0
    why: str = ""

    def __str__(self) -> str:
        return f"{self.executions} executions, coverage {self.coverage}, {self.kept} inputs kept"

    def as_json(self) -> Mapping[str, Any]:
        findings = [str(file) for file in self.findings]
        return {"executions": self.executions, "seconds": self.seconds, "findings": findings}


def run(
    seconds: int,
    seed: int,
    *,
    target: str = TARGET,
    seeds: Path | None = None,
    out: Path = OUT,
    say: Callable[[str], None] = print,
) -> FuzzReport:
    """Fuzz the check's reader for so long; the first finding ends it. ``target``: see `proofs.chaos.fuzz_target`;
    ``seeds``: a folder of photos to begin with, instead of the bad ones.

    Raises `LocalError` where there is no atheris, and when the fuzzer itself does not run.
    """
    if importlib.util.find_spec("atheris") is None:
        raise LocalError("fuzzing needs atheris, which there is for Linux on x86-64 only; all the rest runs here too")
    started = monotonic()
    with TemporaryDirectory(prefix="veil-fuzz-") as temporary:
        work = Path(temporary)
        grown, found, log = work / "grown", work / "found", work / "log"
        grown.mkdir()
        found.mkdir()
        options = (f"-max_total_time={seconds}", f"-seed={seed}", f"-dict={WORDS}", f"-artifact_prefix={found}/")
        folders = (grown, seeds or write_seeds(work / "seeds"))
        with _fuzzer(target, log, *BOUNDS, *options, "-print_final_stats=1", *folders) as child:
            while not poll(lambda: not child.alive, PROGRESS_SECONDS):
                say(f"  {monotonic() - started:4.0f} s  {_read(log)}")
            findings = tuple(_keep(file, out) for file in sorted(found.iterdir()))
            if not findings:
                child.wait(END_SECONDS)
        return _read(log, round(monotonic() - started, 1), findings)


def write_seeds(folder: Path) -> Path:
    """Write the bad photos that are small enough; answers the folder."""
    folder.mkdir()
    for case in corpus():
        if not case.bomb and len(data := case.make()) <= MAX_BYTES:
            (folder / case.name).write_bytes(data)
    return folder


def replay(file: Path, *, target: str = TARGET) -> str:
    """Read one input once more; answers what went wrong, "" for nothing."""
    if not file.is_file():
        raise LocalError(f"{file} is no file")
    with TemporaryDirectory(prefix="veil-fuzz-") as temporary:
        log = Path(temporary) / "log"
        with _fuzzer(target, log, *BOUNDS, file.resolve()) as child:
            try:
                child.wait(END_SECONDS)
            except LocalError:
                return log.read_text(errors="replace")
    return ""


def _fuzzer(target: str, log: Path, *arguments: object) -> Child:
    command = [sys.executable, "-m", "proofs.chaos.fuzz_target", target, *arguments]
    return Child("the fuzzer", command, env=clean_environment(), log=log)


def _read(log: Path, seconds: float = 0.0, findings: tuple[Path, ...] = ()) -> FuzzReport:
    """What the fuzzer has written so far."""
    text = log.read_text(errors="replace")
    pulses, done = _PULSE.findall(text), _DONE.findall(text)
    executions, coverage, kept = map(int, pulses[-1]) if pulses else (0, 0, 0)
    why = text[max(text.find("==="), 0) :] if findings else ""
    return FuzzReport(int(done[-1]) if done else executions, seconds, findings, coverage, kept, why)


def _keep(found: Path, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(found, out / found.name))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.chaos.fuzz", description="Fuzz the check of photos.")
    parser.set_defaults(run=_main)
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (default: 1)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read this input once more instead")
    return run_command(parser, arguments)


def _main(parsed: argparse.Namespace) -> bool:
    """Whether nothing was found."""
    if parsed.replay:
        why = replay(parsed.replay)
        print(why or "nothing is wrong with it")
        return not why
    report = run(parsed.seconds, parsed.seed)
    print(f"{report} in {report.seconds:.0f} s; {len(report.findings)} findings\n{report.why}".rstrip())
    for file in report.findings:
        print(f"{file}: .venv/bin/python -m proofs.chaos.fuzz --replay {file}")
    return not report.findings


if __name__ == "__main__":
    sys.exit(main())
