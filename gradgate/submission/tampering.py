"""The grader's own files in a graded repository: never used from there, only compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from gradgate.course.find import BUILT_IN
from gradgate.text import in_line

# Files of the grader that a copy has too: those of the engine, if it has the engine at all, those
# of the course, and those of its repository, which an installed course does not have.
ENGINE = ("gradgate/**/*.py",)
COURSE = ("checks/**/*.py", "milestones/**/*.py", "pyproject.toml")
REPOSITORY = (".github/workflows/*", ".ci/*", "noxfile.py")
# What a copy need not have, and what would be used if it were there: answers in place of ours, and
# what pytest, Python or a build reads.
INTRUDERS = (
    "data/recorded/*",
    "conftest.py",
    "*customize.py",
    "*.pth",
    "pytest.ini",
    "tox.ini",
    "setup.cfg",
)
SHOWN = 50

Patterns = tuple[str, ...]


def list_differing(submission: Path, course: Path) -> tuple[str, ...]:
    """Name the grader's files that a graded copy of its repository has changed, adds or lacks.

    At most some, those that it lacks last. Nothing for the course itself, and for a folder that is
    no such copy: one without `checks/`.
    """
    folder = submission.resolve()
    if folder == course or not (folder / "checks").is_dir():
        return ()
    differing = {
        name
        for ours, common, added in _choose_patterns(folder, course)
        for name in (*_names(ours, common), *_names(folder, (*common, *added)))
        if not _same(ours / name, folder / name) and not _is_installed_only(folder, name)
    }
    listed = sorted(differing, key=lambda name: (not os.path.lexists(folder / name), name))
    shown = [in_line(name) for name in listed[:SHOWN]]
    more = len(listed) - SHOWN
    return (*shown, *([f"and {more} more"] if more > 0 else []))


def _choose_patterns(folder: Path, course: Path) -> Iterator[tuple[Path, Patterns, Patterns]]:
    """Yield folders of ours, what is compared with them, and what is named only where it is there.

    The engine is left out where the copy has none.
    """
    if (folder / "gradgate").is_dir():
        yield Path(str(files("gradgate"))).resolve().parent, ENGINE, ()
    yield course, COURSE, INTRUDERS
    if any(_names(course, REPOSITORY)):
        yield course, REPOSITORY, ()


def _is_installed_only(folder: Path, name: str) -> bool:
    """Tell whether a file is one of the wheel's course, which a repository has in other places."""
    return name.startswith(f"gradgate/{BUILT_IN}/") and not os.path.lexists(folder / name)


def _names(folder: Path, patterns: Patterns) -> Iterator[str]:
    for pattern in patterns:
        for file in folder.glob(pattern):
            if not file.parent.resolve().is_relative_to(folder.resolve()):
                continue  # a folder of theirs is a link: what lies elsewhere is nobody's to list
            if file.is_symlink() or file.is_file():
                yield file.relative_to(folder).as_posix()


def _same(ours: Path, theirs: Path) -> bool:
    try:
        if theirs.is_symlink() or theirs.stat().st_size != ours.stat().st_size:
            return False
        return theirs.read_bytes() == ours.read_bytes()
    except OSError:  # one of them is not there
        return False
