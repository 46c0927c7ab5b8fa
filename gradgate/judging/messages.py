"""Saying in one sentence why a scenario gave no answer."""

from __future__ import annotations

import re

from gradgate.course import catalog
from gradgate import limits
from gradgate.supervisor.worker_client import Stopped
from gradgate.protocol.replies import Crash
from gradgate.results import Cause, CauseKind
from gradgate.submission.layout import Submission

ABSENT = re.compile(r"No module named '([\w.]+)'")


def missing(name: str, submission: Submission) -> Cause:
    """Say that a name of the contract is not there."""
    file = submission.file(catalog.owners()[name])
    return Cause("missing", f"{file} has no {name}", f"{file}:1", name)


def stopped(end: Stopped, before: str = "") -> Cause:
    """Say why the process ended, and where the submission was."""
    where = f" ({end.place}{_inside(end.function)})" if end.place else ""
    return Cause("stopped", f"{before}{end}{where}", end.place, end.function)


def crashed(crash: Crash) -> Cause:
    """Say which exception came, from where, and what it usually means."""
    place = f"{crash.file}:{crash.line}" if crash.file else ""
    stub = "NotImplementedError" in crash.bases
    kind: CauseKind = "not implemented" if stub else "exception"
    return Cause(kind, _sentence(crash, place), place, crash.function)


def _sentence(crash: Crash, place: str) -> str:
    absent = ABSENT.match(crash.message)
    told = f"{crash.type}: {crash.message}" if crash.message else crash.type
    if not place:
        return f"what came back cannot be used [{crash.scenario}]: {told}"
    if "NotImplementedError" in crash.bases:
        return f"{crash.function} is not implemented yet ({place})"
    if absent and crash.type == "ModuleNotFoundError":
        return f"{place} imports {absent[1]}: {_why_absent(absent[1], crash.file)}"
    if "MemoryError" in crash.bases:
        return f"{place} needs more than {limits.MEMORY_BYTES >> 30} GiB of memory"
    if "SystemExit" in crash.bases:
        return f"{place} ends the program (SystemExit); a module must not exit"
    if "SyntaxError" in crash.bases:
        return f"{place} cannot be read ({told})"
    return f"{told} ({place}{_inside(crash.function)})"


def _why_absent(name: str, file: str) -> str:
    if name.partition(".")[0] == file.partition("/")[0]:
        return "there is no such file in the submission"
    return "only NumPy and the standard library may be imported"


def _inside(function: str) -> str:
    return f", in {function}" if function and not function.startswith("<") else ""
