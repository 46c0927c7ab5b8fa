"""The layers that confine a worker, which it puts on itself before it imports a submission.

Each is put on where the system and the libraries offer it, and left out where they do not; what
holds then is found out by trying (probes.py), not concluded from what was put on.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from gradgate.sandbox import syscalls
from gradgate.sandbox.libraries import LIBRARIES, load_library
from gradgate.sandbox.reachable import hide_files, prepare_rules
from gradgate.sandbox.user import drop_rights

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

OPEN_FILES = 256  # a submission has no use for more than a few


def prepare() -> None:
    """Load the libraries and look up what will be readable; in a confined process that is too late.

    A process that forks workers does it for the next one as soon as one is forked.
    """
    for name in LIBRARIES:
        load_library(name)
    _make_filter()
    prepare_rules()


def confine(bounds: Mapping[str, Any], descriptors: set[int]) -> None:
    """Put on every layer there is here; `bounds` are the limits, the copy and the scratch folder.

    `descriptors` are the open files to keep. A process that has no thread but its own calls this:
    some layers hold for one thread only.
    """
    scratch, root = Path(bounds["scratch"]), Path(bounds["root"])
    _limit(bounds)
    drop_rights(root, scratch)
    _end_with_parent()
    hide_files(root, scratch)
    ends = [*sorted(descriptors), 1 << 16]  # the first is standard input
    for lower, upper in pairwise(ends):
        os.closerange(lower + 1, upper)
    _refuse_calls()


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


def _end_with_parent() -> None:
    prctl = load_library("pyprctl")
    if prctl:
        with suppress(OSError):
            prctl.set_no_new_privs()
            prctl.set_pdeathsig(signal.SIGKILL)


@cache
def _make_filter() -> Any:
    """Seccomp's rules but for those that name this process: made once, and inherited."""
    seccomp = load_library("pyseccomp")
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
    seccomp, rules = load_library("pyseccomp"), _make_filter()
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
