"""Rights of root: a worker does not keep them where the grader runs as root."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

from gradgate.sandbox.libraries import load_library
from gradgate.sandbox.reachable import find_standard_library

# The user and group of workers where the grader runs as root: nobody else's.
OWN_ID = 64_917


def share(folder: Path) -> None:
    """Let workers with a user of their own pass through a folder of ours."""
    if _is_root():
        with suppress(OSError):
            os.chown(folder, -1, OWN_ID)
            folder.chmod(0o710)


def _is_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


def drop_rights(root: Path, scratch: Path) -> None:
    """Where this is root, become a user of our own, or else root without its privileges.

    The other user has to reach Python, the copy and the scratch folder.
    """
    if not _is_root():
        return
    with suppress(OSError):
        _become_own_user(root, scratch)
    prctl = load_library("pyprctl")
    if _is_root() and prctl:
        with suppress(OSError):
            prctl.cap_ambient_clear_all()
            prctl.CapState().set_current()


def _become_own_user(root: Path, scratch: Path) -> None:
    groups = os.getgroups()
    os.chown(scratch, OWN_ID, OWN_ID)
    os.setgroups([])
    os.setresgid(OWN_ID, OWN_ID, 0)
    os.setresuid(OWN_ID, OWN_ID, 0)
    try:
        for folder in (find_standard_library(), Path(np.__file__).parent, root, scratch):
            next(folder.iterdir(), None)
    except OSError:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)
        os.chown(scratch, 0, 0)
    else:
        os.setresgid(OWN_ID, OWN_ID, OWN_ID)
        os.setresuid(OWN_ID, OWN_ID, OWN_ID)
