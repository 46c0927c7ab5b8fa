"""Text for people: what a submission wrote made safe to show, and commands to be typed."""

from __future__ import annotations

import os
import re

TEXT_LIMIT = 500
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}")  # differs from run to run
# What runners of workflows obey in what is printed: GitHub's `::name::` at the start of a line, its
# older `##[name]` and Azure's `##vso[name]` anywhere. A space between the signs ends that.
COMMAND = re.compile(r"^(\s*:)(?=:)|(#)(?=#\w*\[)", re.MULTILINE)


def printable(text: object, limit: int = TEXT_LIMIT) -> str:
    """Return a text without control characters or addresses, cut to `limit` characters."""
    return hide_addresses(visible(str(text)[:limit]))


def in_line(text: object) -> str:
    """Return a printable text on one line."""
    return " ".join(printable(text).split())


def visible(text: str) -> str:
    """Return a text that acts on no terminal and on no runner of workflows that shows it."""
    shown = "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
    return COMMAND.sub(r"\1\2 ", shown)


def hide_addresses(text: str) -> str:
    """Replace memory addresses, which differ from run to run."""
    return ADDRESS.sub("0x…", text)


def spell_command(verb: str) -> str:
    """Return what a person types before the arguments of a verb, by nox where nox runs us."""
    return f"nox -s {verb} --" if "NOX_CURRENT_SESSION" in os.environ else f"gradgate {verb}"
