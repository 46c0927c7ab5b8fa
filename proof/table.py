"""What the proof found, as text: one table of the modules, one of the checks."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tabulate import tabulate

from gradgate.course.catalog import Module
from proof.mutation_run import CaseResult

HEADERS = (
    "module",
    "mutants",
    "caught",
    "known good",
    "wrongly failed",
    "examples to catch one",
    "numbers shown",
    "seconds",
)
CHECK_HEADERS = ("check", "caught", "first", "alone")


@dataclass(frozen=True)
class Proof:
    """What came of grading the mutants and the known-good submissions at one seed."""

    modules: Sequence[Module]
    mutants: Sequence[CaseResult]
    known_good: Sequence[CaseResult]
    seed: int


def write_document(proof: Proof) -> str:
    """Return the whole proof as Markdown."""
    missed = [result.case for result in proof.mutants if not result.failed]
    rows = [_make_row(proof, module) for module in proof.modules]
    submissions = {result.case.name for result in proof.known_good}
    lines = [
        "# What the checks catch",
        "",
        f"{len(proof.mutants)} mutants (`proof/corpus/mutants/`), each the reference with one "
        f"mistake that students make, and {len(submissions)} known-good submissions "
        "(`proof/corpus/known_good/`), which differ as students differ, graded by the checks of "
        "the modules they belong to. Written by `python -m proof mutants --write`, "
        f"seed {proof.seed}, {date.today().isoformat()}.",
        "",
        tabulate(rows, HEADERS, tablefmt="github"),
        "",
        "*Known good* counts the known-good submissions whose own code the module's checks run, "
        "the reference among them. *Examples to catch one* and *numbers shown* (in the inputs of "
        "the counterexample) are medians. *Seconds* add up both processor cores.",
        "",
        *(f"- **not caught**: {case.module}: {case.name}" for case in missed),
        *(f"- **wrongly failed**: {describe_failure(r)}" for r in proof.known_good if r.failed),
        "## Check by check",
        "",
        "How many mutants each check *caught*. On some of them it was the *first* check of its "
        "module to fail: that is the failure a student reads first, so a simple check is worth its "
        "place before a thorough one. Others it caught *alone*: without it they would pass.",
        "",
        tabulate(_make_check_rows(proof), CHECK_HEADERS, tablefmt="github"),
    ]
    return "\n".join(lines) + "\n"


def write_summary(proof: Proof) -> str:
    """Return the table of the modules."""
    return tabulate([_make_row(proof, module) for module in proof.modules], HEADERS)


def describe_failure(result: CaseResult) -> str:
    """Say which submission failed which checks."""
    checks = ", ".join(check.id for check in result.failed)
    return f"{result.case.name} ({result.case.module}) by {checks}"


def _make_row(proof: Proof, module: Module) -> list[object]:
    mutants = [result for result in proof.mutants if result.case.module == module.name]
    right = [result for result in proof.known_good if result.case.module == module.name]
    caught = [result for result in mutants if result.failed]
    accused = [result for result in right if result.failed]
    shown = [result.numbers_shown for result in caught if result.numbers_shown is not None]
    return [
        module.title,
        len(mutants),
        len(caught),
        len(right),
        len(accused),
        _median([result.quickest.examples for result in caught]),
        _median(shown),
        round(sum(result.seconds for result in (*mutants, *right))),
    ]


def _median(values: Sequence[int]) -> float | None:
    return statistics.median(values) if values else None


def _make_check_rows(proof: Proof) -> Iterator[list[object]]:
    for module in proof.modules:
        mutants = [result for result in proof.mutants if result.case.module == module.name]
        failed = [[check.id for check in result.failed] for result in mutants if result.failed]
        for check in module.checks:
            if not check.stretch:
                caught = sum(1 for ids in failed if check.id in ids)
                first = sum(1 for ids in failed if ids[0] == check.id)
                yield [check.id, caught, first, failed.count([check.id])]
