"""What the proof found, as text: one table of the modules, one of the checks."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tabulate import tabulate

from gradgate.course.catalog import Module
from proof.mutation_run import Outcome

HEADERS = (
    "module",
    "bugs",
    "caught",
    "honest",
    "wrongly failed",
    "examples to catch one",
    "numbers shown",
    "seconds",
)
CHECK_HEADERS = ("check", "caught", "first", "alone")


@dataclass(frozen=True)
class Proof:
    """What came of grading the seeded bugs and the honest submissions at one seed."""

    modules: Sequence[Module]
    bugs: Sequence[Outcome]
    honest: Sequence[Outcome]
    seed: int


def document(proof: Proof) -> str:
    """Return the whole proof as Markdown."""
    missed = [outcome.case for outcome in proof.bugs if not outcome.failed]
    rows = [_row(proof, module) for module in proof.modules]
    variants = {outcome.case.name for outcome in proof.known_good}
    lines = [
        "# What the checks catch",
        "",
        f"{len(proof.bugs)} small changes of the reference, each a mistake that students make "
        "(`tests/bugs/`), and "
        f"{len(variants)} right submissions that differ as students differ (`tests/honest/`), "
        "graded by the checks of the modules they belong to. "
        f"Written by `nox -s proof -- --write`, seed {proof.seed}, {date.today().isoformat()}.",
        "",
        tabulate(rows, HEADERS, tablefmt="github"),
        "",
        "*Honest* counts the right submissions whose own code the module's checks run, the "
        "reference among them. *Examples to catch one* and *numbers shown* (in the inputs of the "
        "counterexample) are medians; *seconds* add up both processor cores.",
        "",
        *(f"- **not caught**: {case.module}: {case.name}" for case in missed),
        *(f"- **wrongly failed**: {accusation(o)}" for o in proof.known_good if o.failed),
        "## Check by check",
        "",
        "Of the bugs that a check *caught*, it was the *first* of its module to fail on some: that "
        "is the failure a student reads first, so a simple check is worth its place before a "
        "thorough one. Others were caught by it *alone*: without it they would pass.",
        "",
        tabulate(_checks(proof), CHECK_HEADERS, tablefmt="github"),
    ]
    return "\n".join(lines) + "\n"


def summary(proof: Proof) -> str:
    """Return the table of the modules."""
    return tabulate([_row(proof, module) for module in proof.modules], HEADERS)


def accusation(outcome: Outcome) -> str:
    """Say which honest submission failed which checks."""
    checks = ", ".join(check.id for check in outcome.failed)
    return f"{outcome.case.name} ({outcome.case.module}) by {checks}"


def _row(proof: Proof, module: Module) -> list[object]:
    bugs = [outcome for outcome in proof.bugs if outcome.case.module == module.name]
    right = [outcome for outcome in proof.known_good if outcome.case.module == module.name]
    caught = [outcome for outcome in bugs if outcome.failed]
    shown = [outcome.numbers_shown for outcome in caught if outcome.numbers_shown is not None]
    counts = [len(bugs), len(caught), len(right), sum(bool(outcome.failed) for outcome in right)]
    medians = [_median([outcome.quickest.examples for outcome in caught]), _median(shown)]
    seconds = sum(outcome.seconds for outcome in (*bugs, *right))
    return [module.title, *counts, *medians, round(seconds)]


def _median(values: Sequence[int]) -> float | None:
    return statistics.median(values) if values else None


def _checks(proof: Proof) -> Iterator[list[object]]:
    for module in proof.modules:
        bugs = [outcome for outcome in proof.bugs if outcome.case.module == module.name]
        failed = [[check.id for check in outcome.failed] for outcome in bugs if outcome.failed]
        for check in module.checks:
            if not check.stretch:
                caught = sum(check.id in ids for ids in failed)
                first = sum(ids[0] == check.id for ids in failed)
                yield [check.id, caught, first, sum(ids == [check.id] for ids in failed)]
