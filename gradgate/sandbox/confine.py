"""The layers that confine a worker, which it puts on itself before it imports a submission.

Each is put on where the system and the libraries offer it, and left out where they do not; what
holds then is found out by trying (probes.py), not concluded from what was put on.
"""

from __future__ import annotations

import ctypes.util
import errno
import importlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gradgate.sandbox import syscalls

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

LIBRARIES = ("landlockpy", "pyseccomp", "pyprctl")
# The user and group of workers where the harness runs as root: nobody else's.
OWN_ID = 64_917
OPEN_FILES = 256  # a submission has no use for more than a few

# Landlock's rules for the next worker, as far as they are the same for all; at most one.
_prepared: list[Any] = []


def prepare() -> None:
    """Load the libraries and look up what will be readable; in a confined process that is too late.

    A process that forks workers does it for the next one as soon as one is forked.
    """
    for rules in _prepared:
        rules.close()
    for name in LIBRARIES:
        _library(name)
    _filter()
    _prepared[:] = _common_rules()


def confine(bounds: Mapping[str, Any], descriptors: set[int]) -> None:
    """Put on every layer there is here; `bounds` are the limits, the copy and the scratch folder.

    `descriptors` are the open files to keep. A process that has no thread but its own calls this:
    some layers hold for one thread only.
    """
    scratch, root = Path(bounds["scratch"]), Path(bounds["root"])
    _limit(bounds)
    _drop_rights(root, scratch)
    _end_with_parent()
    _hide_files(root, scratch)
    ends = [*sorted(descriptors), 1 << 16]  # the first is standard input
    for lower, upper in pairwise(ends):
        os.closerange(lower + 1, upper)
    _refuse_calls()


def confinable() -> bool:
    """Tell whether this machine has the two layers that matter."""
    return _library("landlockpy") is not None and _library("pyseccomp") is not None


def share(folder: Path) -> None:
    """Let workers with a user of their own pass through a folder of ours."""
    if _is_root():
        with suppress(OSError):
            os.chown(folder, -1, OWN_ID)
            folder.chmod(0o710)


@cache
def _library(name: str) -> Any:
    """Return one of the pinned libraries, or None where it is absent or finds nothing to bind."""
    with _named_libraries():
        try:
            module = importlib.import_module(name)
            if name == "landlockpy":
                return module if module.abi_version() else None
            return module
        except (ImportError, OSError, RuntimeError, AttributeError):
            return None


@contextmanager
def _named_libraries() -> Iterator[None]:
    """Name the shared libraries here: searching for them runs programs, which takes long."""
    search = ctypes.util.find_library
    known = {"seccomp": "libseccomp.so.2"}
    ctypes.util.find_library = known.get  # type: ignore[assignment]
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _limit(bounds: Mapping[str, Any]) -> None:
    if resource is None:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, bounds["memory_bytes"]),
        (resource.RLIMIT_FSIZE, bounds["file_bytes"]),
        (resource.RLIMIT_CPU, bounds["cpu_seconds"]),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(kind, (limit, limit))


def _is_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


def _drop_rights(root: Path, scratch: Path) -> None:
    """Where this is root, become a user of our own, or else root without its privileges.

    The other user has to reach Python, the copy and the scratch folder.
    """
    if not _is_root():
        return
    with suppress(OSError):
        _become_own_user(root, scratch)
    prctl = _library("pyprctl")
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
        for folder in (_standard_library(), Path(np.__file__).parent, root, scratch):
            next(folder.iterdir(), None)
    except OSError:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)
        os.chown(scratch, 0, 0)
    else:
        os.setresgid(OWN_ID, OWN_ID, OWN_ID)
        os.setresuid(OWN_ID, OWN_ID, OWN_ID)


def _end_with_parent() -> None:
    prctl = _library("pyprctl")
    if prctl:
        with suppress(OSError):
            prctl.set_no_new_privs()
            prctl.set_pdeathsig(signal.SIGKILL)


def _hide_files(root: Path, scratch: Path) -> None:
    """Landlock: read what a submission needs, write to the scratch folder, connect to nothing."""
    for rules in _prepared:
        right = _library("landlockpy").AccessFS
        read = right.READ_FILE | right.READ_DIR
        change = right.WRITE_FILE | right.TRUNCATE | right.MAKE_REG | right.MAKE_DIR
        change |= right.REMOVE_FILE | right.REMOVE_DIR | right.REFER
        with suppress(OSError):
            rules.allow_path(root, read)
            rules.allow_path(scratch, read | change)
            rules.restrict()


def _common_rules() -> list[Any]:
    """Return Landlock's rules but for the copy and the scratch folder, or nothing without it."""
    landlock = _library("landlockpy")
    if landlock is None:
        return []
    right, scope = landlock.AccessFS, landlock.Scope
    try:
        rules = landlock.Ruleset(scoped=scope.ABSTRACT_UNIX_SOCKET | scope.SIGNAL)
    except OSError:
        return []
    for path, is_folder in _readable().items():
        with suppress(OSError):  # gone, or not ours to see
            rules.allow_path(path, right.READ_FILE | (right.READ_DIR if is_folder else 0))
    with suppress(OSError):
        rules.allow_path(os.devnull, right.READ_FILE | right.WRITE_FILE)
    return [rules]


@cache
def _readable() -> dict[str, bool]:
    """What a submission may read besides itself, and whether it is a folder.

    The standard library, NumPy and the system's libraries; never the folders of installed packages
    that lie among them, where the harness or other packages may be.
    """
    packages = Path(np.__file__).parent
    found = [packages, packages.with_name("numpy.libs")]
    found += [path for path in _standard_library().iterdir() if "-packages" not in path.name]
    found += Path(sys.base_prefix, "lib").glob("*.so*")
    found += [*_shared_libraries(), Path("/etc/ld.so.cache"), Path("/dev/urandom")]
    return {str(path): path.is_dir() for path in found if path.exists()}


def _standard_library() -> Path:
    return Path(os.__file__).parent


def _shared_libraries() -> set[Path]:
    """The folders that what is loaded came from: extension modules need others from there."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    files = {Path(line.split(maxsplit=5)[5]) for line in lines if ".so" in line and "/" in line}
    folders = {file.parent for file in files}
    own = (Path(sys.base_prefix), Path(np.__file__).parents[1])
    system = {folder for folder in folders if not any(p in (folder, *folder.parents) for p in own)}
    return {folder for folder in system if not [*folder.glob("python3*")]}


@cache
def _filter() -> Any:
    """Seccomp's rules but for those that name this process: made once, and inherited."""
    seccomp = _library("pyseccomp")
    if seccomp is None:
        return None
    refused, absent = seccomp.ERRNO(errno.EPERM), seccomp.ERRNO(errno.ENOSYS)
    rules = seccomp.SyscallFilter(absent)
    for name in syscalls.ALLOWED:
        _add(rules, seccomp.ALLOW, name)
    for name in syscalls.REFUSED:
        _add(rules, refused, name)
    for name, number, values in syscalls.SOME:
        for value in values:
            _add(rules, seccomp.ALLOW, name, seccomp.Arg(number, seccomp.EQ, value))
    thread = syscalls.CLONE_THREAD
    for flags, action in ((thread, seccomp.ALLOW), (0, refused)):
        _add(rules, action, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, thread, flags))
    return rules


def _refuse_calls() -> None:
    """Seccomp: no call but those that computing takes, and none that concerns another process."""
    seccomp, rules = _library("pyseccomp"), _filter()
    if rules is None:
        return
    for name in syscalls.ON_ITSELF:
        _add(rules, seccomp.ALLOW, name, seccomp.Arg(0, seccomp.EQ, os.getpid()))
        refused = seccomp.ERRNO(errno.EPERM)
        _add(rules, refused, name, seccomp.Arg(0, seccomp.NE, os.getpid()))
    with suppress(OSError):  # a kernel without it, or a container that forbids more
        rules.load()


def _add(rules: Any, action: int, name: str, *conditions: Any) -> None:
    with suppress(OSError):  # unknown on this kind of machine, so that nobody can call it
        rules.add_rule(action, name, *conditions)
