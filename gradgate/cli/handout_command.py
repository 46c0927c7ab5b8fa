"""`gradgate handout`: make a student's repository, or give it a new grader."""

from __future__ import annotations

from pathlib import Path

import click

from gradgate.cli.options import PASSED, choose_course, course_option
from gradgate.errors import UsageError
from gradgate.text import visible


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--update", is_flag=True, help="Replace the grader of the handout in DIR.")
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the same files to a zip file, too.",
)
@click.option(
    "--repository",
    default="",
    metavar="ORG/REPO",
    help="The repository on GitHub whose workflow grades each push. Default: no workflow.",
)
@click.option("--ref", default="", metavar="TAG", help="The tag of it to use.")
@click.option(
    "--wheelhouse",
    is_flag=True,
    help="Add the packages that a first run without a network needs, for this Python and system.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="WHEEL",
    help="With --update: the wheel that was handed out, where no copy of it was kept here.",
)
@course_option
def handout(
    folder: Path,
    update: bool,
    archive: Path | None,
    repository: str,
    ref: str,
    wheelhouse: bool,
    previous: Path | None,
    course: Path | None,
) -> int:
    """Make a student's repository in DIR, a new or empty folder. For course staff.

    It is proven first: the reference passes in it, the stubs earn nothing, and no solution is in
    it. If that fails the exit code is 2, and nothing is left behind.
    """
    # Only here: no other verb needs them, and `gradgate check` is to start at once.
    from gradgate.handout.make import make_handout
    from gradgate.handout.update import update_handout
    from gradgate.handout.workflow import spell_uses

    if update and archive:
        raise UsageError("--zip does not go with --update; make a new handout for a zip file")
    if previous and not update:
        raise UsageError("--previous goes with --update only")
    uses = spell_uses(repository, ref)
    chosen = choose_course(course, Path.cwd())  # one that is only found may be anybody's
    if update:
        update_handout(
            chosen, folder, uses=uses, wheelhouse=wheelhouse, previous=previous, say=_say
        )
        _say(f"updated: {folder}; look at it, commit it and push")
        return PASSED
    make_handout(chosen, folder, uses=uses, wheelhouse=wheelhouse, archive=archive, say=_say)
    if not uses:
        _say("there is no workflow that grades a push; --repository ORG/REPO --ref TAG adds one")
    _say(f"made: {folder}" + (f" and {archive}" if archive else ""))
    return PASSED


def _say(line: str) -> None:
    click.echo(visible(line))
