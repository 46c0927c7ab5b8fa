"""The grader's own files in a graded repository: never used from there, only compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from gradgate.protocol.replies import printable

HARNESS = Path(__file__).resolve().parents[2]
PROTECTED = (
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


def differing(submission: Path) -> tuple[str, ...]:
    """Name protected files that a graded copy of this repository has changed, adds or lacks.

    At most some, those that it lacks last. Nothing for the harness itself, and for a folder that is
    no such copy.
    """
    folder = submission.resolve()
    if folder == HARNESS or not (folder / "checks" / "engine").is_dir():
        return ()
    names = {*_names(HARNESS, PROTECTED), *_names(folder, (*PROTECTED, *INTRUDERS))}
    differing = sorted(name for name in names if not _same(name, folder))
    differing.sort(key=lambda name: not os.path.lexists(folder / name))
    told = [printable(name).replace("\n", " ") for name in differing[:SHOWN]]
    more = len(differing) - SHOWN
    return (*told, *([f"and {more} more"] if more > 0 else []))


def _names(folder: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        for file in folder.glob(pattern):
            if not file.parent.resolve().is_relative_to(folder.resolve()):
                continue  # a folder of theirs is a link: what lies elsewhere is nobody's to list
            if file.is_symlink() or file.is_file():
                yield file.relative_to(folder).as_posix()


def _same(name: str, folder: Path) -> bool:
    ours, theirs = HARNESS / name, folder / name
    try:
        if theirs.is_symlink() or theirs.stat().st_size != ours.stat().st_size:
            return False
        return theirs.read_bytes() == ours.read_bytes()
    except OSError:  # one of them is not there
        return False
