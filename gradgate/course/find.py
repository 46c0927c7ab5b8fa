"""Finding the course to grade by: named, around the current folder, or the one that is built in.

Loading a course runs its code in the judge, so one that the graded side may have brought along is
never loaded.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from gradgate.course.catalog import Course, load_course
from gradgate.course.settings import has_settings
from gradgate.errors import UsageError

BUILT_IN = "course/built_in"  # in the wheel


def find_course(
    named: Path | None, submission: Path | None = None, *, trusted_only: bool = False
) -> tuple[Course, str]:
    """Return the course that `--course` names, or the one found from the current folder upwards.

    The one that is found is not used if it lies in, at or above `submission`, in CI, or where only
    a trusted one will do; then, and where there is none, the built-in one is. The second value says
    that one was found and is not used, or is empty. Raises UsageError where there is no course.
    """
    if named is not None:
        if not named.is_dir():
            raise UsageError(f"--course {named}: there is no such folder")
        return load_course(named.resolve()), ""
    found = _find_upwards(Path.cwd())
    built_in = find_built_in()
    if found is None or found == built_in:
        return _load_built_in(built_in), ""
    reason = _distrust(found, submission, trusted_only)
    if not reason:
        return load_course(found), ""
    notice = f'the course in {found} is not used, {reason}; to use it: --course "{found}"'
    return _load_built_in(built_in), notice


def find_built_in() -> Path | None:
    """Return the folder of the course that came with the engine: in the wheel, or beside it."""
    engine = Path(str(files("gradgate"))).resolve()
    for folder in (engine / BUILT_IN, engine.parent):
        if _is_course(folder):
            return folder
    return None


def _load_built_in(folder: Path | None) -> Course:
    if folder is None:
        raise UsageError("no course is built in here; name one: --course FOLDER")
    return load_course(folder)


def _find_upwards(start: Path) -> Path | None:
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if _is_course(folder)), None)


def _is_course(folder: Path) -> bool:
    return (folder / "checks").is_dir() and has_settings(folder)


def _distrust(course: Path, submission: Path | None, trusted_only: bool) -> str:
    """Say why a course that was found is not to be run, or nothing."""
    if trusted_only:
        return "as --require-isolation takes none that is only found"
    if os.environ.get("CI"):
        return "as this is CI"
    if submission is not None:
        graded = submission.resolve()
        if course.is_relative_to(graded) or graded.is_relative_to(course):
            return "as it may belong to what is graded"
    return ""
