"""What a person reads of a gate: the verdict table, and the list of milestones."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from tabulate import tabulate

from gradgate.reporting.terminal import confinement
from gradgate.results import Isolation, ModuleResult
from milestones import lock
from milestones.catalog import Gate, Milestone
from milestones.judging import Condition, Verdict
from milestones.records import Record

WIDTH = 100


def verdict(judged: Verdict) -> str:
    """Return a gate's verdict as text: its conditions, and a sentence."""
    gate = judged.gate
    lines = [f"{gate.id} {gate.title}", ""]
    if judged.conditions:
        lines += [_table(judged.conditions), ""]
    if judged.refusal:
        lines += [textwrap.fill(f"✗ {judged.refusal}", WIDTH, subsequent_indent="  "), ""]
    if judged.networks:
        lines += confinement(Isolation((), judged.networks[0].isolation.open))
    outcome = "passed" if judged.passed else "not passed"
    seconds = sum(network.seconds for network in judged.networks)
    trained = f" Trained in {seconds:.1f} s." if judged.networks else ""
    last = f"{gate.id} {outcome}.{trained} To repeat this run: --seed {judged.seed}"
    return "\n".join([*lines, last]) + "\n"


def overview(
    milestones: Sequence[Milestone],
    failing: Sequence[ModuleResult],
    record: Record,
    submission: str,
) -> str:
    """Return the list of gates: locked, open or passed, and why.

    `submission` makes a command that is told look at the same submission.
    """
    rows = [
        [gate.id, gate.title, *_standing(milestone, gate, failing, record, submission)]
        for milestone in milestones
        for gate in milestone.gates
    ]
    return tabulate(rows, ["gate", "what it is about", "state", "why"], tablefmt="simple") + "\n"


def _table(conditions: Sequence[Condition]) -> str:
    words = {True: "passed", False: "FAILED", None: "not judged"}
    rows = [[c.name, c.reached, c.needed, words[c.passed]] for c in conditions]
    headers = ["condition", "reached", "needed", ""]
    return tabulate(rows, headers, tablefmt="simple", disable_numparse=True)


def _standing(
    milestone: Milestone,
    gate: Gate,
    failing: Sequence[ModuleResult],
    record: Record,
    submission: str,
) -> tuple[str, str]:
    missing = [module for module in failing if module.number in milestone.modules]
    if missing:
        others = f"; and {len(missing) - 1} more" if len(missing) > 1 else ""
        return "locked", f"{missing[0].title}: {lock.state(missing[0])}{others}"
    passed = record.gates.get(gate.id)
    if passed:
        figure = next(iter(passed.figures.values()))
        return "passed", f"{figure} on {passed.date}, seed {passed.seed}"
    return "open", f"train it: nox -s milestone -- {gate.id}{submission}"
