"""Why a scenario gave no answer, in one sentence."""

from __future__ import annotations

import re

from gradgate.limits import Limits
from gradgate.protocol.replies import Crash
from gradgate.results import Cause, CauseKind
from gradgate.supervisor.worker_client import Stopped

ABSENT = re.compile(r"No module named '([\w.]+)'")


def describe_missing(name: str, file: str) -> Cause:
    """Say that a name of the contract is not in the file where it belongs."""
    sentence = f"{file} has no {name}"
    return Cause(kind="missing", sentence=sentence, place=f"{file}:1", function=name)


def describe_stopped(end: Stopped, before: str = "") -> Cause:
    """Say why the process ended, and where the submission was."""
    where = f" ({end.place}{_inside(end.function)})" if end.place else ""
    sentence = f"{before}{end}{where}"
    return Cause(kind="stopped", sentence=sentence, place=end.place, function=end.function)


def describe_crash(crash: Crash, limits: Limits) -> Cause:
    """Say which exception came, from where, and what it usually means."""
    place = f"{crash.file}:{crash.line}" if crash.file else ""
    stub = "NotImplementedError" in crash.bases
    kind: CauseKind = "not implemented" if stub else "exception"
    sentence = _explain_crash(crash, place, limits)
    return Cause(kind=kind, sentence=sentence, place=place, function=crash.function)


def _explain_crash(crash: Crash, place: str, limits: Limits) -> str:
    absent = ABSENT.match(crash.message)
    exception = f"{crash.type}: {crash.message}" if crash.message else crash.type
    if not place:
        return f"{crash.scenario or 'using what came back'} fails: {exception}"
    if "NotImplementedError" in crash.bases:
        return f"{crash.function} is not implemented yet ({place})"
    if absent and crash.type == "ModuleNotFoundError":
        return f"{place} imports {absent[1]}: {_explain_absence(absent[1], crash.file)}"
    if "MemoryError" in crash.bases:
        return f"{place} needs more than {limits.memory_mib / 1024:g} GiB of memory"
    if "SystemExit" in crash.bases:
        return f"{place} ends the program (SystemExit); a module must not exit"
    if "SyntaxError" in crash.bases:
        return f"{place} cannot be read ({exception})"
    return f"{exception} ({place}{_inside(crash.function)})"


def _explain_absence(name: str, file: str) -> str:
    if name.partition(".")[0] == file.partition("/")[0]:
        return "there is no such file in the submission"
    return "only NumPy and the standard library may be imported"


def _inside(function: str) -> str:
    return f", in {function}" if function and not function.startswith("<") else ""
