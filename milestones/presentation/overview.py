"""The list of all gates: locked, open or passed, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from gradgate.results import ModuleResult
from gradgate.text import spell_command

from ..definition import Gate, Milestone
from ..gate.lock import describe_progress
from ..gate.pass_cache import Record


def render_overview(
    milestones: Sequence[Milestone],
    failing: Sequence[ModuleResult],
    record: Record,
    submission: str,
) -> str:
    """Return the list of gates: locked, open or passed, and why.

    `submission` is what makes a command look at the same submission, or empty.
    """
    rows = [
        [gate.id, gate.title, *_describe_state(milestone, gate, failing, record, submission)]
        for milestone in milestones
        for gate in milestone.gates
    ]
    return tabulate(rows, ["gate", "what it is about", "state", "why"], tablefmt="simple") + "\n"


def _describe_state(
    milestone: Milestone,
    gate: Gate,
    failing: Sequence[ModuleResult],
    record: Record,
    submission: str,
) -> tuple[str, str]:
    missing = [module for module in failing if module.number in milestone.modules]
    if missing:
        others = f"; and {len(missing) - 1} more" if len(missing) > 1 else ""
        return "locked", f"{missing[0].title}: {describe_progress(missing[0])}{others}"
    passed = record.gates.get(gate.id)
    if passed:
        figure = next(iter(passed.figures.values()))
        return "passed", f"{figure} on {passed.date}, seed {passed.seed}"
    return "open", f"train it: {spell_command('milestone')} {gate.id}{submission}"
