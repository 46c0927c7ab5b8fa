"""A gate's verdict as text: the table of its conditions, and a sentence."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from tabulate import tabulate

from gradgate.reporting.terminal import describe_isolation
from gradgate.results import Isolation

from ..gate.verdict import Condition, Verdict

WIDTH = 100


def render_verdict(verdict: Verdict) -> str:
    """Return a gate's verdict as text: its conditions, and a sentence."""
    gate = verdict.gate
    lines = [f"{gate.id} {gate.title}", ""]
    if verdict.conditions:
        lines += [_render_conditions(verdict.conditions), ""]
    if verdict.rejection:
        lines += [textwrap.fill(f"✗ {verdict.rejection}", WIDTH, subsequent_indent="  "), ""]
    if verdict.networks:
        lines += describe_isolation(Isolation((), verdict.networks[0].isolation.open))
    outcome = "passed" if verdict.passed else "not passed"
    seconds = sum(network.seconds for network in verdict.networks)
    trained = f" Trained in {seconds:.1f} s." if verdict.networks else ""
    last = f"{gate.id} {outcome}.{trained} To repeat this run: --seed {verdict.seed}"
    return "\n".join([*lines, last]) + "\n"


def _render_conditions(conditions: Sequence[Condition]) -> str:
    words = {True: "passed", False: "FAILED", None: "not judged"}
    rows = [[c.name, c.reached, c.needed, words[c.passed]] for c in conditions]
    headers = ["condition", "reached", "needed", ""]
    return tabulate(rows, headers, tablefmt="simple", disable_numparse=True)
