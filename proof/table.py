"""What the proof found, as text: one table of the modules, one of the checks."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tabulate import tabulate

from checks.engine.catalog import Module
from proof.bug import Bug
from proof.trial import Outcome

HEADERS = ("module", "bugs", "caught", "examples to catch one", "numbers shown", "seconds")


def document(found: Mapping[Module, Sequence[Outcome]], bugs: dict[str, Bug], seed: int) -> str:
    """Return the whole proof as Markdown."""
    count = sum(map(len, found.values()))
    missed = [outcome for outcomes in found.values() for outcome in outcomes if not outcome.failed]
    lines = [
        "# Every seeded bug is caught",
        "",
        f"{count} small changes of the reference, each a mistake that students make "
        "(`tests/bugs/`), graded by the checks of the module they belong to. Written by "
        f"`nox -s proof`, seed {seed}, {date.today().isoformat()}.",
        "",
        tabulate([_row(*entry) for entry in found.items()], HEADERS, tablefmt="github"),
        "",
        "*Examples to catch one* and *numbers shown* (in the counterexample's inputs) are medians.",
        "",
        *(f"- **not caught**: {_named(outcome, bugs)}" for outcome in missed),
        "## What each check catches",
        "",
        "A bug is caught *alone* by a check if no other check of the module fails on it. A check "
        "that catches nothing alone backs up others, or guards a grade against stubs.",
        "",
        tabulate(_checks(found), ("check", "bugs caught", "alone"), tablefmt="github"),
    ]
    return "\n".join(lines) + "\n"


def summary(found: Mapping[Module, Sequence[Outcome]]) -> str:
    """Return the table of the modules."""
    return tabulate([_row(*entry) for entry in found.items()], HEADERS)


def _row(module: Module, outcomes: Sequence[Outcome]) -> list[object]:
    caught = [outcome for outcome in outcomes if outcome.failed]
    examples = [min(check.examples for check in outcome.failed) for outcome in caught]
    shown = [outcome.numbers_shown for outcome in caught if outcome.numbers_shown is not None]
    seconds = sum(outcome.seconds for outcome in outcomes)
    medians = [statistics.median(values) if values else None for values in (examples, shown)]
    return [module.title, len(outcomes), len(caught), *medians, round(seconds)]


def _checks(found: Mapping[Module, Sequence[Outcome]]) -> Iterator[list[object]]:
    for module, outcomes in found.items():
        failed = [[check.id for check in outcome.failed] for outcome in outcomes]
        for check in module.checks:
            if not check.stretch:
                alone = sum(ids == [check.id] for ids in failed)
                yield [check.id, sum(check.id in ids for ids in failed), alone]


def _named(outcome: Outcome, bugs: dict[str, Bug]) -> str:
    bug = bugs[outcome.case.name]
    return f"{outcome.case.module}: {bug.name}, {bug.mistake}"
