"""``python -m pipeline COMMAND``: what the workflows run."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from local.install import ROOT
from pipeline import lint, newest, releases, sbom, scan
from pipeline.errors import PipelineError
from pipeline.report import report

OUT = ROOT / "out" / "release"
WORKFLOWS = ROOT / ".github" / "workflows"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed) or 0)
    except PipelineError as error:
        print(f"pipeline: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline", description="What the workflows run.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    linted = commands.add_parser("lint", help="check the workflows and Renovate's configuration; 1 on any complaint")
    linted.add_argument("--workflows", type=Path, default=WORKFLOWS, metavar="FOLDER", help="(default: %(default)s)")
    linted.set_defaults(run=_lint)

    scanned = commands.add_parser("scan", help="look every lock up among the known holes; 1 on any. Needs the internet")
    scanned.set_defaults(run=lambda _: scan.scan(datetime.now(UTC).date()) > 0)

    told = commands.add_parser("report", help="run a command, and tell of its failure in an issue, by GitHub's gh")
    told.add_argument("--quote", action="store_true", help="with the end of what it printed, which stays in the issue")
    told.add_argument("title", help="the issue's; an open one with this title gets a comment")
    told.add_argument("words", nargs="+", metavar="-- COMMAND …", help="what to run")
    told.set_defaults(run=lambda parsed: report(parsed.title, parsed.words, quote=parsed.quote))

    held = commands.add_parser("newest", help="hold this run's commit against the last one of main; 2 if it is another")
    held.set_defaults(run=lambda _: print(f"{newest.check(os.environ)} is main's last commit"))

    prepared = commands.add_parser("release", help="write a new version where it stands, and date the CHANGELOG")
    prepared.add_argument("version", help="three numbers: 1.2.0")
    prepared.set_defaults(run=_prepare)

    checked = commands.add_parser("release-check", help="hold a tag against the version, the document, the CHANGELOG")
    checked.add_argument("tag", help="v and the version: v1.2.0")
    checked.set_defaults(run=_check)

    made = commands.add_parser("release-files", help="write what goes with a release: notes, document, lists of parts")
    made.add_argument("tag", help="v and the version: v1.2.0")
    made.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="(default: %(default)s)")
    made.set_defaults(run=_files)
    return parser


def _lint(parsed: argparse.Namespace) -> bool:
    said = lint.complaints(parsed.workflows)
    print("\n".join(said) if said else "The workflows and renovate.json: nothing to complain of")
    return bool(said)


def _prepare(parsed: argparse.Namespace) -> None:
    releases.prepare(parsed.version, datetime.now(UTC).date())
    print(f"{parsed.version} is written; next: make openapi, and docs/guides/releases.md")


def _check(parsed: argparse.Namespace) -> None:
    print(f"{parsed.tag} is {releases.check(parsed.tag)} everywhere")


def _files(parsed: argparse.Namespace) -> None:
    out: Path = parsed.out
    version = releases.check(parsed.tag)
    written = sbom.write(out, version)
    document, text = out / "openapi.json", out / "notes.md"
    document.write_bytes((ROOT / releases.DOCUMENT).read_bytes())
    text.write_text(releases.notes(version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")), encoding="utf-8")
    print(*[document, text, *written], sep="\n")


if __name__ == "__main__":
    sys.exit(main())
