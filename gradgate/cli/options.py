"""What several verbs share."""

from __future__ import annotations

from pathlib import Path

import click

from gradgate.course import Course, find_course
from gradgate.course.catalog import reject_duplicates
from gradgate.text import visible

PASSED, FAILED, ERROR = 0, 1, 2

course_option = click.option(
    "--course",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The course to grade by: a folder with checks/ and [tool.gradgate] in its pyproject.toml. "
    "Default: the one around the current folder, if it can be trusted; else the built-in one.",
)
submission_option = click.option(
    "--submission",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="PATH",
    help="The checkout or package to grade. Default: the current folder.",
)
isolation_option = click.option(
    "--require-isolation",
    is_flag=True,
    help="Go on only where the submission is proven to be confined; else exit code 2.",
)


def choose_course(
    named: Path | None, submission: Path | None = None, *, require_isolation: bool = False
) -> Course:
    """Find the course to use; says on standard error if one is passed over."""
    course, notice = find_course(named, submission, trusted_only=require_isolation)
    reject_duplicates(course)
    if notice:
        click.echo(visible(f"gradgate: {notice}"), err=True)
    return course
