"""What a call leaves behind that no limit of the system bounds: files in all, busy threads."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

from gradgate.limits import Limits

GRACE_SECONDS = 0.05  # for a thread that is about to end
WATCHED_SECONDS = 0.03
BUSY_SECONDS = 0.003  # a thread that waits takes none; on a crowded machine a busy one gets little


def find_overfull(folder: Path, limits: Limits) -> str:
    """Say that a scratch folder holds too much, or nothing."""
    files = size = 0
    todo = [folder]  # not os.walk, which ends at a thousand folders in each other
    while todo:
        for entry in _list_entries(todo.pop(), limits.scratch_files + 1):
            files += 1
            size += _measure(entry)
            if entry.is_dir(follow_symlinks=False):
                todo.append(Path(entry.path))
        if files > limits.scratch_files:
            return f"wrote more than {limits.scratch_files} files"
        if size > limits.scratch_bytes:
            return f"wrote more than {limits.scratch_mib} MiB of files"
    return ""


def remove_folder(folder: Path) -> None:
    """Remove a scratch folder, however deep and whatever its modes, as far as the system lets us.

    Folders in it are moved beside it first, so that no path gets too long.
    """
    todo, names = [folder], count()
    while todo:
        place = todo.pop()
        for entry in _list_entries(place):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    Path(entry.path).chmod(0o700)
                    todo.append(Path(entry.path).rename(f"{folder}-{next(names)}"))
                else:
                    Path(entry.path).unlink()
        with suppress(OSError):
            place.rmdir()


def _list_entries(folder: Path, most: int | None = None) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(islice(found, most))
    except OSError:  # removed while we look
        return []


def _measure(entry: os.DirEntry[str]) -> int:
    with suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        return getattr(status, "st_blocks", 0) * 512 or status.st_size
    return 0


def count_threads(pid: int) -> int:
    """Count the threads of a process; 1 where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/task").stat().st_nlink - 2
    except OSError:
        return 1


def is_busy(pid: int) -> bool:
    """Tell whether a process that should be waiting for us computes."""
    time.sleep(GRACE_SECONDS)
    before = _measure_cpu_seconds(pid)
    time.sleep(WATCHED_SECONDS)
    return _measure_cpu_seconds(pid) - before > BUSY_SECONDS


def _measure_cpu_seconds(pid: int) -> float:
    """Return how many seconds the threads of a process have computed so far."""
    total = 0
    with suppress(OSError, ValueError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9
