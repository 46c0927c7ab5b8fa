"""`python -m proof faults`: workers killed at random moments."""

from __future__ import annotations

import click

from gradgate.supervisor.launcher import ForkServer
from proof.fault_injection import FaultyLauncher, grade_with_faults
from proof.project import COURSE

GRADINGS = 200


@click.command()
@click.argument("count", type=click.IntRange(2), default=GRADINGS, metavar="[N]")
def faults(count: int) -> int:
    """Kill workers while they are graded.

    N gradings (200), and in each the worker is killed at a random moment.

    Exit code 0: every verdict is the undisturbed one or names the signal, nothing hangs, and no
    process, open file or scratch file is left.
    """
    launcher = FaultyLauncher(ForkServer(COURSE.folder))
    problems = [*grade_with_faults(count, launcher)]
    for problem in problems:
        click.echo(problem)
    kills = launcher.kills
    click.echo(f"{count} gradings, {kills} workers killed in them, {len(problems)} problems")
    return 1 if problems else 0
