"""Putting new files in the place of old ones: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def replace_parts(folder: Path, new: Path, parts: Sequence[str], replaced: Path) -> None:
    """Move each of `parts`, a file or folder, from the folder `new` into `folder`.

    What was there is moved to the folder `replaced`; all three lie on one disk. If anything fails,
    or is interrupted, everything is moved back.
    """
    made: list[Path] = []
    try:
        for part in parts:
            old, kept = folder / part, replaced / part
            kept.parent.mkdir(parents=True, exist_ok=True)
            made += _make_folders(old.parent)
            if os.path.lexists(old):
                old.rename(kept)
            (new / part).rename(old)
    except BaseException:
        _move_back(folder, new, parts, replaced)
        for parent in reversed(made):
            parent.rmdir()
        raise


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and what it lies in; returns those that were not there, the outer one first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _move_back(folder: Path, new: Path, parts: Sequence[str], replaced: Path) -> None:
    """Undo what was moved; what that is, the folders show, wherever it was interrupted."""
    for part in parts:
        if not os.path.lexists(new / part):
            (folder / part).rename(new / part)
        if os.path.lexists(replaced / part):
            (replaced / part).rename(folder / part)
