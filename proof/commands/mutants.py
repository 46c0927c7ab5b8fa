"""The command line: `nox -s proof -- [MODULE ...] [--every N] [--since COMMIT] [--seeds N]`.

Exit code 0: every bug is caught and nothing right is failed, at every seed; 1: not so; 2: the
question was wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from gradgate.course import catalog
from gradgate.course.catalog import Module
from gradgate.errors import UsageError
from proof import corpus, reports, table
from proof.mutant import Bug, package
from proof.known_good import honest
from proof.mutation_run import Case, Outcome, outcomes

WHOLE = 3  # modules
DOCS = Path(__file__).resolve().parents[1] / "docs"


def main(arguments: Sequence[str]) -> int:
    """Grade the seeded bugs and the honest submissions; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    try:
        modules = catalog.select(options.modules)
        bugs = _bugs(modules, options)
    except UsageError as error:
        print(f"proof: {error}", file=sys.stderr)
        return 2
    seeds = range(options.seed + 1, options.seed + options.seeds)
    mistaken = _graded(_mistaken(bugs, options.seed), "grading seeded bugs")
    honest_ones = corpus.part(_right(modules, options.seed), options.every, options.seed)
    right = _graded(honest_ones, "grading honest submissions")
    missed = [o.case for o in mistaken if not o.failed] + _missed_at(seeds, mistaken)
    accused = [o for o in right if o.failed]
    for seed in seeds:
        again = _graded(_right(modules, seed), f"honest submissions, seed {seed}")
        accused += [outcome for outcome in again if outcome.failed]
    proof = table.Proof(modules, mistaken, right, options.seed)
    print(table.summary(proof))
    if options.write:
        _write(proof)
    for case in missed:
        print(f"not caught at seed {case.seed}: {case.module}: {case.name}")
    for outcome in accused:
        print(f"wrongly failed at seed {outcome.case.seed}: {table.accusation(outcome)}")
    return 1 if missed or accused else 0


def _write(proof: table.Proof) -> None:
    texts = {
        "proof.md": table.document(proof),
        "reports.md": reports.document(proof.modules, proof.bugs, proof.seed),
    }
    for name, text in texts.items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"\nwritten: {DOCS / name}")


def _bugs(modules: Sequence[Module], options: argparse.Namespace) -> dict[Module, Sequence[Bug]]:
    """Choose the bugs: all of the modules that a change touches, of the rest one in so many.

    Where it touches many, a third of theirs: CI has a quarter of an hour.
    """
    touched = corpus.touched(options.since) if options.since else set()
    thorough = 1 if len(touched) <= WHOLE else 3
    return {
        m: corpus.part(
            corpus.bugs(m), thorough if m.name in touched else options.every, options.seed
        )
        for m in modules
    }


def _mistaken(bugs: dict[Module, Sequence[Bug]], seed: int) -> list[Case]:
    return [Case(m.name, bug.name, package(bug), seed) for m in bugs for bug in bugs[m]]


def _right(modules: Sequence[Module], seed: int) -> list[Case]:
    reference = [Case(module.name, "reference", package(), seed) for module in modules]
    return reference + [
        Case(module.name, variant.name, variant.files, seed, folder=variant.folder)
        for variant in honest()
        for module in modules
        if module.name in variant.modules
    ]


def _missed_at(seeds: Iterable[int], caught: Sequence[Outcome]) -> list[Case]:
    """Grade caught bugs at other seeds, first by the check that caught them most quickly."""
    again = [
        replace(outcome.case, seed=seed, checks=(outcome.quickest.id,))
        for outcome in caught
        if outcome.failed
        for seed in seeds
    ]
    doubtful = [o.case for o in _graded(again, "bugs at other seeds") if not o.failed]
    whole = _graded([replace(case, checks=()) for case in doubtful], "again, by all checks")
    return [outcome.case for outcome in whole if not outcome.failed]


def _graded(cases: Sequence[Case], what: str) -> list[Outcome]:
    console = Console(stderr=True)
    return list(track(outcomes(cases), what, len(cases), console=console))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s proof --", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="05, autograd or 01-04")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one of N only")
    parser.add_argument(
        "--since", metavar="COMMIT", help="all bugs of modules that differ from that commit"
    )
    parser.add_argument("--seed", type=int, default=0, help="what the examples are drawn from")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="N seeds from that on")
    parser.add_argument("--write", action="store_true", help="write docs/proof.md, reports.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
