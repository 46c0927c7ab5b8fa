"""The command line: `python -m proof [MODULE ...] [--every N] [--seeds N] [--write]`.

Exit code 0: every bug is caught, at every seed; 1: some are not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from checks.engine import catalog
from proof import corpus, table
from proof.trial import Case, Outcome, outcomes

FILE = Path(__file__).resolve().parents[1] / "docs" / "proof.md"


def main(arguments: Sequence[str]) -> int:
    """Grade the seeded bugs and say which are caught; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    modules = catalog.select(options.modules)
    bugs = {module: corpus.part(corpus.bugs(module), options.every) for module in modules}
    cases = [Case(m.name, bug.name, (bug,), options.seed) for m in modules for bug in bugs[m]]
    graded = _graded(cases, "grading seeded bugs")
    found = {m: [outcome for outcome in graded if outcome.case.module == m.name] for m in modules}
    print(table.summary(found))
    missed = [outcome.case for outcome in graded if not outcome.failed]
    missed += _missed_elsewhere(graded, options.seeds)
    if options.write:
        named = {bug.name: bug for module in modules for bug in bugs[module]}
        FILE.write_text(table.document(found, named, options.seed), encoding="utf-8")
        print(f"\nwritten: {FILE}")
    for case in missed:
        print(f"not caught at seed {case.seed}: {case.module}: {case.name}")
    return 1 if missed else 0


def _missed_elsewhere(graded: Sequence[Outcome], seeds: int) -> list[Case]:
    """Repeat the checks that caught a bug at other seeds; returns what they miss there."""
    again = [
        replace(outcome.case, seed=outcome.case.seed + further, checks=outcome.catching)
        for outcome in graded
        if outcome.failed
        for further in range(1, seeds)
    ]
    return [outcome.case for outcome in _graded(again, "other seeds") if not outcome.failed]


def _graded(cases: Sequence[Case], what: str) -> list[Outcome]:
    console = Console(stderr=True)
    return list(track(outcomes(cases), what, len(cases), console=console))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s proof --", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="05, autograd or 01-04")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one bug of N only")
    parser.add_argument("--seed", type=int, default=0, help="what the examples are drawn from")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="N seeds from that on")
    parser.add_argument("--write", action="store_true", help="write docs/proof.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
