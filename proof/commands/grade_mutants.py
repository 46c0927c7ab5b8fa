"""`python -m proof mutants`: grades mutants and known-good submissions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import click
from rich.console import Console
from rich.progress import track

from gradgate.course.catalog import Module
from gradgate.files import write_atomically
from proof import reports, table
from proof.known_good import known_good_submissions
from proof.mutant import Mutant, build_package
from proof.mutation_run import Case, CaseResult, grade_cases
from proof.project import COURSE, PROJECT
from proof.selection import list_mutants, list_touched, take_part

WHOLE = 3  # modules
DOCS = PROJECT / "docs"


@click.command()
@click.argument("modules", nargs=-1, metavar="[MODULE]...")
@click.option(
    "--every", type=click.IntRange(1), default=1, metavar="N", help="Grade one mutant of N only."
)
@click.option("--since", metavar="COMMIT", help="All mutants of modules that differ from it.")
@click.option("--seed", default=0, show_default=True, help="What the examples are drawn from.")
@click.option("--seeds", type=click.IntRange(1), default=1, metavar="N", help="N seeds from it on.")
@click.option("--write", is_flag=True, help="Write docs/proof.md and docs/reports.md.")
def mutants(
    modules: tuple[str, ...], every: int, since: str | None, seed: int, seeds: int, write: bool
) -> int:
    """Grade the mutants and the known-good submissions.

    A MODULE is 05, autograd or 01-04; all if none is named. Exit code 0: every mutant is caught and
    nothing right is failed, at every seed; 1: not so.
    """
    chosen = COURSE.select(modules)
    selected = _select(chosen, every, since, seed)
    others = range(seed + 1, seed + seeds)
    mutant_results = _grade(_list_mutant_cases(selected, seed), "grading mutants")
    right = take_part(_list_right_cases(chosen, seed), every, seed)
    right_results = _grade(right, "grading known-good submissions")
    proof = table.Proof(chosen, mutant_results, right_results, seed)
    missed = [result.case for result in mutant_results if not result.failed]
    missed += _find_missed(others, mutant_results)
    accused = [result for result in right_results if result.failed]
    for other in others:
        again = _grade(_list_right_cases(chosen, other), f"known-good submissions, seed {other}")
        accused += [result for result in again if result.failed]
    click.echo(table.write_summary(proof))
    if write:
        _write(proof)
    for case in missed:
        click.echo(f"not caught at seed {case.seed}: {case.module}: {case.name}")
    for result in accused:
        click.echo(f"wrongly failed at seed {result.case.seed}: {table.describe_failure(result)}")
    return 1 if missed or accused else 0


def _write(proof: table.Proof) -> None:
    texts = {
        "proof.md": table.write_document(proof),
        "reports.md": reports.write_document(proof.modules, proof.mutants, proof.seed),
    }
    for name, text in texts.items():
        write_atomically(DOCS / name, text)
        click.echo(f"\nwritten: {DOCS / name}")


def _select(
    modules: Sequence[Module], every: int, since: str | None, seed: int
) -> dict[Module, Sequence[Mutant]]:
    """Choose the mutants: all of the modules that a change touches, of the rest one in so many.

    Where it touches many, a third of theirs: CI has a quarter of an hour.
    """
    touched = list_touched(since) if since else set()
    thorough = 1 if len(touched) <= WHOLE else 3
    return {
        m: take_part(list_mutants(m), thorough if m.name in touched else every, seed)
        for m in modules
    }


def _list_mutant_cases(selected: dict[Module, Sequence[Mutant]], seed: int) -> list[Case]:
    return [
        Case(module=module.name, name=mutant.name, files=build_package(mutant), seed=seed)
        for module, chosen in selected.items()
        for mutant in chosen
    ]


def _list_right_cases(modules: Sequence[Module], seed: int) -> list[Case]:
    files = build_package()
    reference = [Case(module=m.name, name="reference", files=files, seed=seed) for m in modules]
    return reference + [
        Case(
            module=module.name,
            name=submission.name,
            files=submission.files,
            seed=seed,
            folder=submission.folder,
        )
        for submission in known_good_submissions()
        for module in modules
        if module.name in submission.modules
    ]


def _find_missed(seeds: Iterable[int], results: Sequence[CaseResult]) -> list[Case]:
    """Grade caught mutants at other seeds, first by the check that caught them most quickly."""
    again = [
        replace(result.case, seed=seed, checks=(result.quickest.id,))
        for result in results
        if result.failed
        for seed in seeds
    ]
    doubtful = [r.case for r in _grade(again, "mutants at other seeds") if not r.failed]
    whole = _grade([replace(case, checks=()) for case in doubtful], "again, by all checks")
    return [result.case for result in whole if not result.failed]


def _grade(cases: Sequence[Case], what: str) -> list[CaseResult]:
    console = Console(stderr=True)
    return list(track(grade_cases(cases), what, len(cases), console=console))
