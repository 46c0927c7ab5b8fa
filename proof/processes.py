"""The processes that this one started, and those that it takes over from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyprctl


@contextmanager
def adopt_orphans() -> Iterator[None]:
    """Make every process that outlives its parent a child of this one, for as long as it lasts."""
    pyprctl.set_child_subreaper(True)
    try:
        yield
    finally:
        pyprctl.set_child_subreaper(False)


def list_children() -> set[int]:
    """Return the processes that are this one's children now."""
    files = Path("/proc/self/task").glob("*/children")
    return {int(pid) for file in files for pid in file.read_text().split()}
