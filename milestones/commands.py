"""The command line: `python -m milestones [GATE ...] [--submission PATH] ...`.

Without a gate it lists them. Exit code 0: all gates asked for are passed; 1: some are not, or are
locked; 2: usage, data or harness error.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from gradgate.course import catalog as modules
from gradgate.submission import layout as submission
from gradgate.errors import GradgateError, UsageError
from gradgate.protocol.replies import visible
from milestones import catalog, lock, progress, records, report
from milestones.catalog import Gate
from milestones.data import splits
from milestones.data.splits import Split
from milestones.judging import Verdict
from milestones.records import Pass, Record
from milestones.run import Entry, run, shown

PASSED, FAILED, ERROR = 0, 1, 2
PROJECT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Run the gates that the arguments name, or list all; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console may know no ✗; logs keep the order
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as after Ctrl-C
    try:
        return _answer(options)
    except GradgateError as error:
        print(visible(f"gradgate: {error}"), file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("gradgate: interrupted, nothing was recorded", file=sys.stderr)
        return ERROR


def _answer(options: argparse.Namespace) -> int:
    """Grade the modules that are needed, then list the gates or run those asked for."""
    if options.seed < 0:
        raise UsageError("a seed is a whole number from 0 on")
    wanted = catalog.select(options.gates)
    recipes = [_recipe(gate, options.recipe) for _, gate in wanted]
    graded = submission.find(options.submission, [module.name for module in modules.modules()])
    record = records.load(graded, fresh=options.fresh)
    needed, required = wanted[-1][0].needs, options.require_isolation
    record, failing = lock.graded(graded, needed, record, require_isolation=required)
    if not options.gates:
        listed = report.overview(catalog.milestones(), failing, record, _again(options))
        print(listed, end="")
        return PASSED
    codes = []
    for (milestone, gate), recipe in zip(wanted, recipes, strict=True):
        closed = lock.locked(milestone, failing, _again(options))
        if closed:
            print(closed)
            codes.append(FAILED)
            continue
        entry = Entry(milestone, gate, recipe, graded, options.seed, required)
        verdict = _run(entry, options.data_dir)
        record = _recorded(record, verdict)
        codes.append(PASSED if verdict.passed else FAILED)
    return max(codes)


def _run(entry: Entry, data_dir: Path | None) -> Verdict:
    """Run one gate, print its verdict and draw its pictures."""
    split = splits.load(entry.gate.dataset, data_dir)
    with progress.shown() as tell:
        verdict = run(entry, split, tell)
    print(visible(report.verdict(verdict)))
    if not verdict.refusal:
        print(_drawn(entry, verdict, split), end="\n\n")
    return verdict


def _drawn(entry: Entry, verdict: Verdict, split: Split) -> str:
    """Write the page of a run; returns where it is, or why there is none."""
    try:
        from milestones.page import write
    except ModuleNotFoundError as absent:
        again = f"nox -s milestone -- {entry.gate.id}"
        return f"No pictures: {absent.name} is not installed; {again} has it."
    with progress.shown() as tell:
        exhibits = shown(entry, verdict, split, tell)
    name = f"{Path(entry.gate.script).stem}_{datetime.now():%Y-%m-%d_%H%M%S}"
    try:
        page = write(verdict, split, exhibits, entry.milestone.folder / "results" / name)
    except OSError as error:
        return f"No pictures: {error.filename} cannot be written ({error.strerror})."
    return f"Pictures: {page}"


def _recorded(record: Record, verdict: Verdict) -> Record:
    """Put a pass on record; returns what is on record then."""
    if not verdict.passed:
        return record
    figures = {condition.name: condition.reached for condition in verdict.conditions}
    passed = Pass(date.today().isoformat(), verdict.seed, verdict.recipe, figures)
    record = record.with_gate(verdict.gate.id, passed)
    records.store(record)
    return record


def _recipe(gate: Gate, wanted: str) -> str:
    """Return the name of the recipe to train by; raises UsageError for one that is not there."""
    if wanted and wanted not in gate.recipes:
        known = ", ".join(gate.recipes)
        raise UsageError(f"gate {gate.id} has no recipe {wanted!r}; its recipes are {known}")
    return wanted or next(iter(gate.recipes))


def _again(options: argparse.Namespace) -> str:
    """Return what makes `nox -s check --` look at the same submission."""
    folder = options.submission.resolve()  # nox runs in the project's folder
    return "" if folder == PROJECT else f' --submission "{folder}"'


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s milestone --", description="Run milestones.")
    parser.add_argument(
        "gates", nargs="*", metavar="GATE", help="04 or 04/01; without one, all are listed"
    )
    parser.add_argument(
        "--submission",
        type=Path,
        default=PROJECT,
        metavar="PATH",
        help="the checkout or package to train with (default: this project, its student/)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=secrets.randbits(31),
        help="what weights, order and class numbers are drawn from (default: a new one)",
    )
    parser.add_argument(
        "--recipe", default="", metavar="NAME", help="a longer training: 75, 80 or 84 for 04/02"
    )
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help="run only where the submission is proven to be confined (exit code 2 elsewhere)",
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where CIFAR-10 is")
    parser.add_argument(
        "--fresh",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="grade the modules anew, whatever is on record (always so in CI)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
