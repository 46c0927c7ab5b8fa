"""`gradgate check`: grade a submission."""

from __future__ import annotations

from pathlib import Path

import click

from gradgate.cli.options import (
    ERROR,
    FAILED,
    PASSED,
    choose_course,
    course_option,
    isolation_option,
    submission_option,
)
from gradgate.course import Course
from gradgate.grading.grade import grade
from gradgate.grading.root_cause import attribute_failures
from gradgate.grading.versions import find_versions
from gradgate.oracle.choose import name_oracle
from gradgate.reporting import json_report
from gradgate.reporting.progress import show_progress
from gradgate.reporting.terminal import render
from gradgate.results import Notes, Report
from gradgate.submission.excluded import describe_excluded
from gradgate.submission.layout import find_submission
from gradgate.submission.tampering import list_differing


@click.command()
@click.argument("modules", nargs=-1, metavar="[MODULE]...")
@click.option("-k", "keyword", default="", metavar="WORD", help="Only checks that mention WORD.")
@submission_option
@click.option("--seed", default=0, help="What the examples are drawn from.", show_default=True)
@isolation_option
@click.option(
    "--json",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report as data too.",
)
@course_option
def check(
    modules: tuple[str, ...],
    keyword: str,
    submission: Path,
    seed: int,
    require_isolation: bool,
    file: Path | None,
    course: Path | None,
) -> int:
    """Grade a submission.

    MODULE is a number or a name, 05 or autograd, or a range, 01-04; without one, all are graded.
    """
    if file:  # before all else, so that no error leaves the report of an earlier run
        json_report.make_room(file)
    chosen = choose_course(course, submission, require_isolation=require_isolation)
    report = _grade(chosen, modules, keyword, submission, seed, require_isolation)
    if file:
        json_report.write_report(report, file)
    click.echo(render(report), nl=False)
    if report.could_not_check:
        click.echo("gradgate: some checks could not be made; tell the course staff", err=True)
        return ERROR
    return PASSED if report.passed else FAILED


def _grade(
    course: Course,
    modules: tuple[str, ...],
    keyword: str,
    submission: Path,
    seed: int,
    require_isolation: bool,
) -> Report:
    """Run the stages: submission, judges, root causes, report."""
    wanted = course.select(modules, keyword)
    found = find_submission(submission, course)
    with show_progress(wanted) as progress:
        results = grade(found, course, wanted, seed, progress, require_isolation=require_isolation)
    return Report(
        submission=str(submission),
        seed=seed,
        oracle=name_oracle(course),
        versions=find_versions(course),
        modules=attribute_failures(results),
        notes=Notes(describe_excluded(found), list_differing(submission, course.folder)),
    )
