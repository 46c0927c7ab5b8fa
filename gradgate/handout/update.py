"""Updating a handout in mid-term: a new grader in place of the old one, nothing else."""

from __future__ import annotations

from pathlib import Path

from gradgate.course import Course
from gradgate.errors import GradgateError, HarnessError, UsageError
from gradgate.handout.build import BuiltHandout, build_handout, open_workshop
from gradgate.handout.installed import grade_with, install_wheel
from gradgate.handout.kept_wheels import find_kept, keep_wheel
from gradgate.handout.packed_stubs import list_changed_stubs
from gradgate.handout.prove import Say, list_changes
from gradgate.handout.replace import replace_parts
from gradgate.handout.repository import require_git
from gradgate.handout.sources import name_stubs, require_sources
from gradgate.handout.tree import GRADER, SUMS, WHEELHOUSE, WORKFLOW, hash_file

# What a handout's .grader/ holds, and what running it leaves there.
KNOWN = ("gradgate-*.whl", SUMS, "test_checks.py", WHEELHOUSE, "__pycache__")
MOUNT_POINT = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, which `stat` has on Windows only


def update_handout(
    course: Course,
    folder: Path,
    *,
    uses: str,
    wheelhouse: bool,
    previous: Path | None,
    say: Say,
) -> None:
    """Replace the grader of the handout in a folder, and its workflow where `uses` names one.

    Tells `say` which stubs changed since, and which verdicts on what lies in the folder do.
    `previous` is the wheel that was handed out, where no copy of it was kept. Raises GradgateError
    where the new grader cannot be built or proven; the folder is as it was, then.
    """
    require_sources(course)
    require_git()
    folder = folder.resolve()  # moves are on one disk
    old_wheel = _find_wheel(folder)
    trusted = previous or find_kept(hash_file(old_wheel))
    wheelhouse = wheelhouse or (folder / GRADER / WHEELHOUSE).is_dir()
    with open_workshop(folder.parent) as workshop:
        built = build_handout(course, workshop, uses=uses, wheelhouse=wheelhouse, say=say)
        if trusted:
            _say_changed_stubs(course, trusted, built.wheel, say)
            _say_changed_verdicts(folder, trusted, built, workshop, say)
        else:
            say(
                "changed stubs and verdicts are not listed: no copy of the old grader was kept on "
                "this machine; name the wheel that was handed out: --previous WHEEL"
            )
        keep_wheel(built.wheel, say)
        parts = [GRADER, WORKFLOW] if uses else [GRADER]
        try:
            replace_parts(folder, built.tree, parts, workshop / "replaced")
        except OSError as error:
            raise HarnessError(
                f"{folder} could not be updated and is as it was: {error}; "
                "close the programs that use it and try again"
            ) from error


def _find_wheel(folder: Path) -> Path:
    """Return the wheel in a handout, after a look at everything that will be replaced."""
    grader = folder / GRADER
    _refuse_links(folder)
    if not grader.is_dir():
        raise UsageError(f"{folder} is no handout: it has no folder {GRADER}")
    for file in sorted(grader.iterdir()):
        if not any(file.match(pattern) for pattern in KNOWN):
            raise UsageError(f"{file} is none of the grader's files; move it elsewhere first")
    wheels = sorted(grader.glob("*.whl"))
    if len(wheels) != 1 or not wheels[0].is_file():
        raise UsageError(
            f"{grader} holds {len(wheels)} wheels, and one is needed; "
            f"get the one back that was handed out: git checkout -- {GRADER}"
        )
    return wheels[0]


def _refuse_links(folder: Path) -> None:
    """Raise UsageError for a link in the place of what will be replaced, or below it."""
    workflow = Path(WORKFLOW)
    places = [folder / GRADER, folder / workflow, *map(folder.joinpath, workflow.parents[:-1])]
    if not (folder / GRADER).is_symlink():
        places += (folder / GRADER).rglob("*")
    for place in places:
        if place.is_symlink() or _is_junction(place):
            raise UsageError(f"{place} is a link, and links are not followed; remove it first")


def _is_junction(place: Path) -> bool:
    """Tell whether a place is a folder of Windows that leads elsewhere."""
    try:
        return getattr(place.lstat(), "st_reparse_tag", 0) == MOUNT_POINT
    except OSError:  # nothing is there
        return False


def _say_changed_stubs(course: Course, old: Path, new: Path, say: Say) -> None:
    stubs = name_stubs(course)
    try:
        changed = list_changed_stubs(old, new, stubs)
    except ValueError as reason:
        say(f"changed stubs are not listed: {reason}")
        return
    for name in changed:
        say(f"changed since it was handed out: {name}; tell the students, their copy stays")
    if not changed:
        say("no stub has changed since")


def _say_changed_verdicts(
    folder: Path, old: Path, built: BuiltHandout, workshop: Path, say: Say
) -> None:
    """Grade what lies in a handout by the old and the new grader."""
    place = workshop / "elsewhere"
    place.mkdir()
    try:
        before = grade_with(install_wheel(old, workshop / "old"), folder, place)
        after = grade_with(built.python, folder, place)
    except GradgateError as error:
        say(f"changed verdicts are not listed: {error}")
        return
    changes = list_changes(before.outcomes, after.outcomes)
    for change in changes:
        say(f"changed verdict: {change}")
    say(f"{len(changes)} verdicts change: {before.points} points before, {after.points} after")
