"""The grader's own files in a graded repository: never used from there, only compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from gradgate.text import in_line

# Files of the grader, each pattern with the folder of ours that it is compared with: beside the
# engine, or the course.
ENGINE = ("gradgate/**/*.py",)
COURSE = (
    "checks/**/*.py",
    "milestones/**/*.py",
    "data/recorded/*",
    ".github/workflows/*",
    ".ci/*",
    "noxfile.py",
    "pyproject.toml",
)
# What pytest, Python or a build would read beside them.
INTRUDERS = ("conftest.py", "*customize.py", "*.pth", "pytest.ini", "tox.ini", "setup.cfg")
SHOWN = 50


def list_differing(submission: Path, course: Path) -> tuple[str, ...]:
    """Name the grader's files that a graded copy of its repository has changed, adds or lacks.

    At most some, those that it lacks last. Nothing for the course itself, and for a folder that is
    no such copy: one without `checks/`.
    """
    folder = submission.resolve()
    if folder == course or not (folder / "checks").is_dir():
        return ()
    engine = Path(str(files("gradgate"))).resolve().parent
    differing = [
        name
        for ours, patterns in ((engine, ENGINE), (course, (*COURSE, *INTRUDERS)))
        for name in sorted({*_names(ours, _kept(patterns)), *_names(folder, patterns)})
        if not _same(ours / name, folder / name)
    ]
    differing.sort(key=lambda name: not os.path.lexists(folder / name))
    shown = [in_line(name) for name in differing[:SHOWN]]
    more = len(differing) - SHOWN
    return (*shown, *([f"and {more} more"] if more > 0 else []))


def _kept(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Leave the intruders out: what ours have of them, a copy need not have."""
    return tuple(pattern for pattern in patterns if pattern not in INTRUDERS)


def _names(folder: Path, patterns: tuple[str, ...]) -> Iterator[str]:
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
