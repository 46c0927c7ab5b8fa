"""What a handout is made from: the project's checkout and a course with its reference."""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from gradgate.course import Course
from gradgate.errors import UsageError
from gradgate.oracle.live import REFERENCE, has_reference

PROJECT = Path(str(files("gradgate"))).resolve().parent
PROJECT_FILES = ("pyproject.toml", "README.md", "LICENSE")  # what a wheel is built with
BUILDER = "hatchling"


def require_sources(course: Course) -> None:
    """Raise UsageError where no wheel of a course can be built here, and say what to do."""
    if not all((PROJECT / name).is_file() for name in PROJECT_FILES):
        raise UsageError(
            "gradgate is installed from a wheel here; hand out in a checkout of the project: "
            "nox -s handout -- DIR"
        )
    if not has_reference(course):
        raise UsageError(
            f"{course.folder} has no reference/, which answers the checks; "
            "use the staff's checkout, or name another course: --course FOLDER"
        )
    if not find_stubs(course).is_dir():
        raise UsageError(f"{find_stubs(course)} does not exist; put the stubs there")
    if find_spec(BUILDER) is None:
        raise UsageError(
            f"{BUILDER} is not installed; run nox -s handout -- DIR, which installs it"
        )


def name_stubs(course: Course) -> Path:
    """Return the folder in which students write, as it is called in the course and a handout."""
    return Path(*course.settings.packages[0].split("."))


def find_stubs(course: Course) -> Path:
    """Return the folder of a course's stubs, whether or not it is there."""
    return course.folder / name_stubs(course)


def find_reference(course: Course) -> Path:
    """Return the folder of a course's reference, whether or not it is there."""
    return course.folder / REFERENCE


def find_solutions(course: Course) -> list[Path]:
    """Return the folders whose contents no handout may hold: the reference, and what is named.

    They are named in the course's table [tool.gradgate.handout], by patterns such as
    examples/*/reference. Raises UsageError for a pattern that finds nothing.
    """
    folders = [find_reference(course)]
    for pattern in course.settings.solutions:
        relative = not Path(pattern).is_absolute()
        found = sorted(course.folder.glob(pattern)) if pattern and relative else []
        if not found:
            raise UsageError(
                f"{course.folder / 'pyproject.toml'}, table [tool.gradgate.handout]: "
                f"solutions: {pattern!r} finds nothing in {course.folder}"
            )
        folders += found
    return folders
