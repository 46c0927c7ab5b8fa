"""What the milestones' recipes reach with the reference as submission, and in what time.

`python -m benchmarks.milestones [GATE ...] [--seeds N] [--recipe NAME] [--data-dir DIR]`; without a
gate, those on the digits. Part of `nox -s bench`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tabulate import tabulate

from gradgate.course import load_course
from gradgate.submission.layout import find_submission
from milestones.data.splits import Split, load
from milestones.definition.gate_catalog import select_gates
from milestones.gate.run_gate import Attempt, run_gate, train_exhibits
from milestones.training.trained_network import TrainedNetwork

COURSE = load_course(Path(__file__).resolve().parents[1])
HEADERS = (
    *("gate", "recipe", "network", "parameters", "accuracy %", "lowest"),
    *("shifted 1 px %", "training s", "deviation"),
)


def main() -> None:
    """Train from some seeds and print one table."""
    options = _options()
    rows = []
    for _, gate in select_gates(options.gates or ["03/01", "04/01"]):
        split = load(gate.dataset, options.data_dir)
        for recipe in [options.recipe] if options.recipe else gate.recipes:
            for networks in _train_all(gate.id, recipe, split, options.seeds):
                rows.append([gate.id, recipe, *_summarise(networks)])
                print(tabulate(rows[-1:], HEADERS, floatfmt=".3g"), flush=True)
    print(f"\nmean over {options.seeds} seeds\n{tabulate(rows, HEADERS, floatfmt='.3g')}")


def _train_all(
    gate_id: str, recipe: str, split: Split, seeds: int
) -> Iterator[list[TrainedNetwork]]:
    """Yield each network of a gate, of its exhibits too, trained from every seed."""
    milestone, gate = select_gates([gate_id])[0]
    runs = []
    for seed in range(seeds):
        attempt = Attempt(
            course=COURSE,
            milestone=milestone,
            gate=gate,
            recipe=recipe,
            submission=find_submission(COURSE.folder / "reference", COURSE),
            seed=1000 * seed,
        )
        verdict = run_gate(attempt, split, lambda progress: None)
        assert verdict.passed, verdict
        exhibits = train_exhibits(attempt, verdict, split, lambda progress: None)
        runs.append([*verdict.networks, *(n for e in exhibits for n in (e.own, e.rival))])
    yield from map(list, zip(*runs, strict=True))


def _summarise(trained: list[TrainedNetwork]) -> list[object]:
    """Return a row of the table for one network trained from several seeds."""
    network = trained[0].network
    reached = 100 * np.array([one.by_shift for one in trained])
    seconds = float(np.mean([one.seconds for one in trained]))
    worst = max((one.replay.deviation for one in trained if one.replay), default=None)
    accuracies = (reached[:, 0].mean(), reached[:, 0].min(), reached[:, 1].mean())
    return [network.title, network.size, *accuracies, seconds, worst]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gates", nargs="*", metavar="GATE")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--recipe", default="")
    parser.add_argument("--data-dir", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
