"""What a call leaves behind that no limit of the system bounds: files in all, busy threads."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from checks.engine import limits

GRACE_SECONDS = 0.05  # for a thread that is about to end
WATCHED_SECONDS = 0.03
BUSY_SECONDS = 0.003  # a thread that waits takes none; on a crowded machine a busy one gets little


def overfull(folder: Path) -> str:
    """Say that a scratch folder holds too much, or nothing."""
    files = size = 0
    with suppress(OSError):  # removed while we look
        for place, folders, names in os.walk(folder):
            files += len(folders) + len(names)
            if files > limits.SCRATCH_FILES:
                return f"wrote more than {limits.SCRATCH_FILES} files"
            size += sum(_size(Path(place, name)) for name in names)
    if size > limits.SCRATCH_BYTES:
        return f"wrote more than {limits.SCRATCH_BYTES >> 20} MiB of files"
    return ""


def _size(file: Path) -> int:
    with suppress(OSError):
        status = file.lstat()
        return getattr(status, "st_blocks", 0) * 512 or status.st_size
    return 0


def threads(pid: int) -> int:
    """Count the threads of a process; 1 where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/task").stat().st_nlink - 2
    except OSError:
        return 1


def busy(pid: int) -> bool:
    """Tell whether a process that should be waiting for us computes."""
    time.sleep(GRACE_SECONDS)
    before = _computed(pid)
    time.sleep(WATCHED_SECONDS)
    return _computed(pid) - before > BUSY_SECONDS


def _computed(pid: int) -> float:
    """Return how many seconds the threads of a process have computed so far."""
    total = 0
    with suppress(OSError, ValueError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9
