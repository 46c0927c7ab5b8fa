"""`gradgate milestone`: train networks with a submission's modules; the course's kit judges."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gradgate.cli.options import (
    choose_course,
    course_option,
    isolation_option,
    submission_option,
)

KIT = "milestones.commands"  # the module of a course that runs its milestones


@click.command()
@click.argument("gates", nargs=-1, metavar="[GATE]...")
@submission_option
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="What weights, order and class numbers are drawn from. Default: a new one.",
)
@click.option(
    "--recipe", default="", metavar="NAME", help="Train by another recipe: 75, 80 or 84 for 04/02."
)
@isolation_option
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the downloaded data sets are.",
)
@click.option(
    "--fresh",
    is_flag=True,
    default=lambda: bool(os.environ.get("CI")),
    help="Grade the modules anew, whatever is on record. Always so in CI.",
)
@course_option
def milestone(
    gates: tuple[str, ...],
    submission: Path,
    seed: int | None,
    recipe: str,
    require_isolation: bool,
    data_dir: Path | None,
    fresh: bool,
    course: Path | None,
) -> int:
    """Run milestones; without a GATE, list them.

    GATE is a milestone or one of its gates: 04 or 04/01.
    """
    chosen = choose_course(course, submission, require_isolation=require_isolation)
    kit = chosen.load(KIT)
    options = kit.MilestoneOptions(
        gates=gates,
        submission=submission,
        seed=seed,
        recipe=recipe,
        require_isolation=require_isolation,
        data_dir=data_dir,
        fresh=fresh,
    )
    return int(kit.run_milestones(chosen, options))
