"""Submissions made from the reference, and gates run with them through the real worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradgate.course import catalog as modules
from gradgate.submission import layout as submission
from gradgate.submission.layout import Submission
from milestones.catalog import select
from milestones.data import splits
from milestones.data.splits import Split
from milestones.judging import Verdict
from milestones.run import Entry, run

PROJECT = Path(__file__).resolve().parents[2]
HONEST = PROJECT / "tests" / "honest"
DIGITS = splits.load("tinydigits")
SEED = 20
SHORT = {"epochs": 1, "phases": 3}  # where what was learned does not matter

Code = Mapping[str, str]
"""What is appended to modules of the reference, by module."""


def submitted(folder: Path, code: Code) -> Submission:
    """Write the reference as a student's files, with code appended to some of them."""
    student = folder / "student"
    student.mkdir()
    for file in (PROJECT / "reference").glob("*.py"):
        text = f"{file.read_text()}\n\n{code.get(file.stem, '')}"
        (student / file.name).write_text(text)
    assert {f"{name}.py" for name in code} <= {file.name for file in student.iterdir()}
    return found(folder)


def found(folder: Path) -> Submission:
    """Return the submission in a folder."""
    return submission.find(folder, [module.name for module in modules.modules()])


def trained(
    entered: Submission,
    gate: str,
    recipe: str = "",
    *,
    seed: int = SEED,
    split: Split = DIGITS,
    **changes: Any,
) -> Verdict:
    """Run a gate with a submission, its recipe changed as said."""
    [(milestone, asked)] = select([gate])
    name = recipe or next(iter(asked.recipes))
    changed = replace(asked, recipes={name: replace(asked.recipes[name], **changes)})
    return run(Entry(milestone, changed, name, entered, seed), split, lambda progress: None)


def faults(verdict: Verdict) -> str:
    """Return why a gate did not open: the refusal, or the conditions that failed."""
    failed = [c for c in verdict.conditions if c.passed is False]
    return verdict.refusal or "; ".join(f"{c.name}: {c.reached}" for c in failed)
