"""How often the report names the mistake behind a wrong gradient, and how often another one.

Of each mutant that a gradient gives away, what the report says is held against the words that the
mutant says are right (`message`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from gradgate.course.catalog import Module
from gradgate.results import CheckResult
from proof.mutant import Mutant, build_package
from proof.mutation_run import Case, CaseResult, grade_cases
from proof.selection import list_mutants

Verdict = Literal["named", "silent", "misnamed"]

DIFFERENCES = "Your backward "  # how the other explanation begins, which follows


def diagnose_mutants(modules: Sequence[Module], seed: int) -> Iterator[tuple[Mutant, CheckResult]]:
    """Grade the modules' mutants; yields those that a gradient gives away, with the check."""
    mutants = [(module, mutant) for module in modules for mutant in list_mutants(module)]
    cases = [
        Case(module=module.name, name=mutant.name, files=build_package(mutant), seed=seed)
        for module, mutant in mutants
    ]
    for (_, mutant), result in zip(mutants, grade_cases(cases), strict=True):
        check = find_wrong_gradient(result)
        if check is not None:
            yield mutant, check


def find_wrong_gradient(result: CaseResult) -> CheckResult | None:
    """Return the first failed check, if what failed is the shape or the numbers of a gradient."""
    first = next(iter(result.failed), None)
    if first is None or first.cause is None or first.cause.kind not in ("value", "shape"):
        return None
    return first if first.cause.gradient_of in first.inputs else None


def read_diagnosis(check: CheckResult) -> str:
    """Return what the report says of the mistake itself."""
    return check.explanation.partition(DIFFERENCES)[0].strip()


def judge_diagnosis(mutant: Mutant, check: CheckResult) -> Verdict:
    """Judge what the report says by the words that the mutant expects."""
    diagnosis = read_diagnosis(check)
    if not diagnosis:
        return "silent"
    return "named" if mutant.message and mutant.message in diagnosis else "misnamed"
