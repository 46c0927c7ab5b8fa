"""Where a run keeps what it fetches and writes: this kit may lie in `site-packages`."""

from __future__ import annotations

from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]


def find_working_folder() -> Path:
    """Return the course's folder where the current folder is inside it, else the current folder."""
    here = Path.cwd()
    return COURSE if here.is_relative_to(COURSE) else here
