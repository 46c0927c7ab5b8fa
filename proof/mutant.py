"""A change of the reference: a mistake that must be caught, or another right way that must not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Bug:
    """One mistake: its name, what the student does wrong in words, and the change that does it.

    `old` occurs exactly once in `reference/<file>.py` and becomes `new`. `told` are words by which
    the report names the mistake, if a wrong gradient gives it away.
    """

    name: str
    mistake: str
    file: str
    old: str
    new: str
    told: str = ""


def package(*edits: Bug) -> dict[str, str]:
    """Return the reference as a student's package, with these changes; raises ValueError."""
    sources = {
        file.stem: file.read_text(encoding="utf-8") for file in (PROJECT / "reference").glob("*.py")
    }
    for edit in edits:
        found = sources[edit.file].count(edit.old)
        if found != 1:
            raise ValueError(f"{edit.name}: its text is {found} times in reference/{edit.file}.py")
        sources[edit.file] = sources[edit.file].replace(edit.old, edit.new)
    return {f"student/{name}.py": text for name, text in sources.items()}
