"""How often the mistake in a wrong gradient is named: `python -m proof.naming [MODULE ...]`.

Of each seeded bug that a gradient gives away, what the report says of it is held against what the
bug says is right (`told`). Exit code 0: none is misnamed; 1: some may be, read them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Literal

from gradgate.course import catalog
from gradgate.results import CheckResult
from proof import corpus
from proof.mutant import Bug, package
from proof.mutation_run import Case, Outcome, outcomes

Verdict = Literal["named", "silent", "misnamed"]

GRADIENT = "grad of "
DIFFERENCES = "Your backward "  # how the other explanation begins, which follows


def main(arguments: Sequence[str]) -> int:
    """Grade the seeded bugs and print what is said of each; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m proof.naming", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="05, autograd or 01-04")
    parser.add_argument("--seed", type=int, default=0, help="what the examples are drawn from")
    options = parser.parse_args(arguments)
    verdicts = []
    for bug, check in _given_away(catalog.select(options.modules), options.seed):
        verdicts.append(verdict(bug, check))
        print(f"{verdicts[-1]:8}  {bug.name}: {bug.mistake}\n{'':10}{check.id}: {said(check)}")
    named, misnamed = verdicts.count("named"), verdicts.count("misnamed")
    print(f"\n{len(verdicts)} wrong gradients: {named} named, {misnamed} misnamed")
    return 1 if misnamed else 0


def given_away_by(outcome: Outcome) -> CheckResult | None:
    """Return the first failed check, if what failed is the shape or the numbers of a gradient."""
    first = next(iter(outcome.failed), None)
    if first is None or first.cause is None or first.cause.kind not in ("value", "shape"):
        return None
    name = first.cause.result.removeprefix(GRADIENT).partition(",")[0]
    return first if first.cause.result.startswith(GRADIENT) and name in first.inputs else None


def said(check: CheckResult) -> str:
    """Return what the report says of the mistake itself."""
    return check.explanation.partition(DIFFERENCES)[0].strip()


def verdict(bug: Bug, check: CheckResult) -> Verdict:
    """Judge what is said by the words that the bug expects."""
    if not said(check):
        return "silent"
    return "named" if bug.told and bug.told in said(check) else "misnamed"


def _given_away(modules: Sequence[catalog.Module], seed: int) -> Iterator[tuple[Bug, CheckResult]]:
    bugs = [(module, bug) for module in modules for bug in corpus.bugs(module)]
    cases = [Case(module.name, bug.name, package(bug), seed) for module, bug in bugs]
    for (_, bug), outcome in zip(bugs, outcomes(cases), strict=True):
        check = given_away_by(outcome)
        if check is not None:
            yield bug, check


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
