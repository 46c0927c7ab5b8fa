"""What a worker sends back, read as untrusted data: every text bounded and made printable."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradgate.protocol.frames import ProtocolError, unpack_answer
from gradgate.protocol.values import Answer, Value
from gradgate.text import hide_addresses, in_line, printable

COMPARED_LIMIT = 10_000  # of a text that is compared: far longer than any that is right
# The files of a course that hold scenarios; a reply must not have us quote any other.
SCENARIO = re.compile(r"(gradgate_course_\w+\.(?:checks|milestones)\.[\w.]+):(\d{1,6})")


@dataclass(frozen=True, kw_only=True)
class Crash:
    """An exception that left a scenario, and the submission's innermost line it passed.

    `file` is empty where the exception came from using what the submission returned; `scenario`
    then shows the line of the scenario that did.
    """

    type: str
    bases: tuple[str, ...]
    message: str
    file: str
    line: int
    function: str
    scenario: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The outcome of one call: an answer, an exception, or a name that does not exist.

    `called` lists the submission's functions that ran, where that was asked for.
    """

    answer: Answer = field(default_factory=dict)
    crash: Crash | None = None
    missing: str = ""
    called: frozenset[str] = frozenset()


def read_reply(header: Mapping[str, Any], arrays: Sequence[Any]) -> Reply:
    """Read the reply to a call; raises ProtocolError for what no worker of ours sends."""
    try:
        # Absent where a result was too large to send: the worker then tells only that.
        called = frozenset(printable(name) for name in header.get("called", ()))
        if header["status"] == "ok":
            answer = unpack_answer(header["values"], arrays)
            cleaned = {name: _clean(value) for name, value in answer.items()}
            return Reply(answer=cleaned, called=called)
        if header["status"] == "missing":
            return Reply(missing=in_line(header["name"]), called=called)
        return Reply(crash=read_crash(header), called=called)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ProtocolError("a reply that cannot be read") from error


def _clean(value: Value) -> Value:
    """Return a value whose texts can be shown; a text that is compared keeps its letters.

    What a result is the gradient of, only the oracle says.
    """
    whole = hide_addresses(value.text[:COMPARED_LIMIT])
    text = whole if value.kind == "text" else in_line(value.text)
    bases = tuple(in_line(name) for name in value.bases)
    message = in_line(value.message)
    return replace(value, text=text, bases=bases, message=message, gradient_of="")


def read_crash(header: Mapping[str, Any]) -> Crash:
    """Read the description of an exception; raises KeyError, TypeError or ValueError."""
    return Crash(
        type=in_line(header["type"]),
        bases=tuple(in_line(name) for name in header["bases"]),
        message=in_line(header["message"]),
        file=in_line(header["file"]),
        line=int(header["line"]),
        function=in_line(header["function"]),
        scenario=_read_line(str(header["scenario"])),
    )


def _read_line(place: str) -> str:
    """Return the line of a scenario, read from our own file; nothing for any other place."""
    found = SCENARIO.fullmatch(place)
    file = getattr(sys.modules.get(found[1]), "__file__", None) if found else None
    return linecache.getline(file, int(found[2])).strip() if found and file else ""
