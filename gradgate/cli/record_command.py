"""`gradgate record`: record the reference's answers, for copies of the course without it."""

from __future__ import annotations

from pathlib import Path

import click

from gradgate.cli.options import PASSED, choose_course, course_option
from gradgate.errors import UsageError
from gradgate.examples.recording import find_recordings
from gradgate.oracle.live import LiveOracle, has_reference
from gradgate.oracle.recorded_answers import record_answers


@click.command()
@course_option
def record(course: Path | None) -> int:
    """Record the reference's answers in data/recorded/, a file for each module.

    A course without its reference is graded by them. For course staff.
    """
    chosen = choose_course(course, Path.cwd())  # one that is only found may be anybody's
    if not has_reference(chosen):
        raise UsageError(f"{chosen.folder} has no reference/ to record the answers of")
    oracle, folder = LiveOracle(chosen), find_recordings(chosen.folder)
    for module in chosen.modules:
        file = record_answers(chosen, module, oracle, folder)
        click.echo(f"{file}: {file.stat().st_size / 1024:.0f} KiB")
    return PASSED
