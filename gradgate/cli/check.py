"""The command line: `python -m checks [MODULE ...] [-k WORD] [--submission PATH] ...`.

Exit code 0: all modules asked for pass; 1: some fail; 2: usage or harness error.
"""

from __future__ import annotations

import argparse
import io
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from gradgate.course import catalog
from gradgate.submission import tampering as protected
from gradgate.oracle import recorded
from gradgate.submission import excluded as refused
from gradgate.reporting import json_report as report_json
from gradgate.submission import layout as submission
from gradgate.grading.root_cause import blame
from gradgate.errors import GradgateError
from gradgate.grading.grade import grade
from gradgate.reporting.progress import shown
from gradgate.protocol.replies import visible
from gradgate.reporting.terminal import render
from gradgate.results import Notes, Report

PASSED, FAILED, ERROR = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Grade a submission as the arguments say and print the report; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console may know no ✗, and texts are students'
        sys.stdout.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as after Ctrl-C
    try:
        report = _graded(options)
    except GradgateError as error:
        print(visible(f"gradgate: {error}"), file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("gradgate: interrupted, nothing was graded", file=sys.stderr)
        return ERROR
    print(render(report), end="")
    if report.could_not_check:
        print("gradgate: some checks could not be made; tell the course staff", file=sys.stderr)
        return ERROR
    return PASSED if report.passed else FAILED


def _graded(options: argparse.Namespace) -> Report:
    """Run the stages: submission, judges, blame, report."""
    wanted = catalog.select(options.modules, options.keyword)
    if options.json:
        report_json.check_writable(options.json)
    found = submission.find(options.submission, [module.name for module in catalog.modules()])
    with shown(wanted) as progress:
        required = options.require_isolation
        results = grade(found, wanted, options.seed, progress, require_isolation=required)
    notes = Notes(refused.told(found), protected.differing(options.submission))
    oracle = recorded.oracle_name()
    report = Report(str(options.submission), options.seed, oracle, blame(results), notes)
    if options.json:
        report_json.write(report, options.json)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s check --", description="Grade a submission.")
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="05, autograd or 01-04; all if none is named"
    )
    parser.add_argument(
        "-k", dest="keyword", default="", metavar="WORD", help="only checks that mention WORD"
    )
    parser.add_argument(
        "--submission",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="the checkout or package to grade (default: this folder, its student/)",
    )
    parser.add_argument("--seed", type=int, default=0, help="what the examples are drawn from")
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help="grade only where the submission is proven to be confined (exit code 2 elsewhere)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as data too")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
