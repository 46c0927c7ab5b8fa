"""`python -m proof diagnosis`: what the report says of each mutant with a wrong gradient."""

from __future__ import annotations

import click

from proof.diagnosis_rate import diagnose_mutants, judge_diagnosis, read_diagnosis
from proof.project import COURSE


@click.command()
@click.argument("modules", nargs=-1, metavar="[MODULE]...")
@click.option("--seed", default=0, show_default=True, help="What the examples are drawn from.")
def diagnosis(modules: tuple[str, ...], seed: int) -> int:
    """Print what the report says of each wrong gradient.

    Above it stands the mistake. A MODULE is 05, autograd or 01-04; all if none is named. Exit
    code 0: no mistake is taken for another; 1: some may be, read them.
    """
    verdicts = []
    for mutant, check in diagnose_mutants(COURSE.select(modules), seed):
        verdicts.append(judge_diagnosis(mutant, check))
        click.echo(f"{verdicts[-1]:8}  {mutant.name}: {mutant.mistake}")
        click.echo(f"{'':10}{check.id}: {read_diagnosis(check)}")
    named, misnamed = verdicts.count("named"), verdicts.count("misnamed")
    click.echo(f"\n{len(verdicts)} wrong gradients: {named} named, {misnamed} misnamed")
    return 1 if misnamed else 0
