"""Submissions made from the reference, and gates run with them through the real worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradgate.submission.layout import Submission, find_submission
from milestones.data import splits
from milestones.data.splits import Split
from milestones.definition.gate_catalog import select_gates
from milestones.gate.run_gate import Attempt, run_gate
from milestones.gate.verdict import Verdict
from proof.project import COURSE, PROJECT

KNOWN_GOOD = PROJECT / "proof" / "corpus" / "known_good"
DIGITS = splits.load("tinydigits")
SEED = 20
SHORT = {"epochs": 1, "phases": 3}  # where what was learned does not matter

Code = Mapping[str, str]
"""What is appended to modules of the reference, by module."""


def submit(folder: Path, code: Code) -> Submission:
    """Write the reference as a student's files, with code appended to some of them."""
    student = folder / "student"
    student.mkdir()
    for file in (PROJECT / "reference").glob("*.py"):
        text = f"{file.read_text()}\n\n{code.get(file.stem, '')}"
        (student / file.name).write_text(text)
    assert {f"{name}.py" for name in code} <= {file.name for file in student.iterdir()}
    return find(folder)


def find(folder: Path) -> Submission:
    """Return the submission in a folder."""
    return find_submission(folder, COURSE)


def train_gate(
    submission: Submission,
    gate: str,
    recipe: str = "",
    *,
    seed: int = SEED,
    split: Split = DIGITS,
    **changes: Any,
) -> Verdict:
    """Run a gate with a submission, its recipe changed as said."""
    [(milestone, asked)] = select_gates([gate])
    name = recipe or next(iter(asked.recipes))
    attempt = Attempt(
        course=COURSE,
        milestone=milestone,
        gate=replace(asked, recipes={name: replace(asked.recipes[name], **changes)}),
        recipe=name,
        submission=submission,
        seed=seed,
    )
    return run_gate(attempt, split, lambda progress: None)


def list_faults(verdict: Verdict) -> str:
    """Return why a gate did not open: the rejection, or the conditions that failed."""
    failed = [c for c in verdict.conditions if c.passed is False]
    return verdict.rejection or "; ".join(f"{c.name}: {c.reached}" for c in failed)
