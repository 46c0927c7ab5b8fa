"""Proof that a worker is confined: it tries what a submission must not do, and says what failed.

Runs after `confine` and before a line of the submission is imported, so its word can be trusted.
Every act is harmless where it succeeds.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# What must fail, as a report names it; in the order in which reports list it.
ACTS = {
    "read": "reading other files",
    "write": "writing outside its scratch folder",
    "metadata": "changing modes and times of files",
    "tcp": "TCP connections",
    "udp": "UDP datagrams",
    "unix": "unix sockets",
    "fork": "starting processes",
    "exec": "running programs",
    "signal": "signals to other processes",
    "memory": "memory and environment of other processes",
    "rights": "rights of root",
    "amount": "memory above its limit",
    "descriptors": "open files of the grader",
    "environment": "environment variables of the grader",
}
# How a layer refuses, whichever it is; no other failure proves anything.
DENIED = (errno.EPERM, errno.EACCES, errno.ENOSYS)


def list_blocked(setup: Mapping[str, Any], descriptors: set[int]) -> list[str]:
    """Try every act; returns the names of those that the system refused."""
    canary, environment = Path(setup["canary"]), set(setup["environment"])
    tries: dict[str, Callable[[], bool]] = {
        "read": lambda: _refused(canary.read_bytes),
        "write": lambda: _no_write(canary),
        "metadata": lambda: _no_metadata(canary),
        "tcp": lambda: _no_socket("AF_INET", "SOCK_STREAM", ("127.0.0.1", 9)),
        "udp": lambda: _no_socket("AF_INET", "SOCK_DGRAM", ("127.0.0.1", 9)),
        "unix": lambda: _no_socket("AF_UNIX", "SOCK_STREAM", "\0gradgate"),
        "fork": lambda: _refused(_fork),
        "exec": lambda: _refused(lambda: os.execv("/gradgate/no-such-program", ["-"])),
        "signal": lambda: _refused(lambda: os.kill(os.getppid(), 0)),
        "memory": _no_memory_of_parent,
        "rights": _no_rights,
        "amount": lambda: _no_more_memory(setup["memory_bytes"]),
        "descriptors": lambda: _open_files() <= descriptors,
        "environment": lambda: set(os.environ) <= environment,
    }
    if not hasattr(os, "fork"):  # Windows: nothing is confined, and its kill(0) is no question
        return []
    return [name for name in ACTS if _holds(tries[name])]


def _holds(act: Callable[[], bool]) -> bool:
    try:
        return act()
    except Exception:  # unknown to this platform: nothing is proven
        return False


def _refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError as error:
        return error.errno in DENIED
    return False


def _no_write(canary: Path) -> bool:
    new = canary.with_name("written")
    refused = _refused(lambda: new.write_bytes(b"")) and _refused(lambda: os.truncate(canary, 0))
    with suppress(OSError):
        new.unlink()
    return refused and _refused(lambda: canary.rename(new)) and _refused(canary.unlink)


def _no_metadata(canary: Path) -> bool:
    return _refused(lambda: canary.chmod(0o644)) and _refused(lambda: os.utime(canary))


def _no_socket(family: str, kind: str, address: Any) -> bool:
    def connect() -> None:
        with socket.socket(getattr(socket, family), getattr(socket, kind)) as opened:
            opened.settimeout(0.1)
            opened.connect(address)

    return _refused(connect)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _no_memory_of_parent() -> bool:
    parent = Path("/proc", str(os.getppid()))
    hidden = [_refused((parent / name).read_bytes) for name in ("environ", "maps")]
    return all(hidden) and _refused((parent / "mem").open) and _no_foreign_read()


def _no_foreign_read() -> bool:
    """Try the call that reads another process's memory without a file."""
    libc, byte = ctypes.CDLL(None, use_errno=True), ctypes.create_string_buffer(1)
    piece = (ctypes.c_size_t * 2)(ctypes.addressof(byte), 1)
    number = libc.process_vm_readv(os.getppid(), piece, 1, piece, 1, 0)
    return number < 0 and ctypes.get_errno() in DENIED


def _no_rights() -> bool:
    """Try two acts of root; opening root's files is "read", tried by itself."""
    return _refused(lambda: os.setgroups([])) and _refused(lambda: os.chroot("/"))


def _no_more_memory(limit: int) -> bool:
    try:
        mmap.mmap(-1, limit).close()
    except OSError as error:
        return error.errno == errno.ENOMEM
    return False


def _open_files() -> set[int]:
    found = set()
    for descriptor in range(os.sysconf("SC_OPEN_MAX")):
        with suppress(OSError):
            os.fstat(descriptor)
            found.add(descriptor)
    return found
