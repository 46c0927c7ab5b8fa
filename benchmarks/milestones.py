"""What the milestones' recipes reach with the reference as submission, and in what time.

`python -m benchmarks.milestones [GATE ...] [--seeds N] [--recipe NAME] [--data-dir DIR]`; without a
gate, those on the digits. Part of `nox -s bench`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from milestones.run import Entry, run, shown
from tabulate import tabulate

from gradgate.course import catalog as modules
from gradgate.submission import layout as submission
from milestones import catalog
from milestones.data import splits
from milestones.data.splits import Split
from milestones.training import Trained

HEADERS = (
    *("gate", "recipe", "network", "parameters", "accuracy %", "lowest"),
    *("shifted 1 px %", "training s", "deviation"),
)


def main() -> None:
    """Train from some seeds and print one table."""
    options = _options()
    rows = []
    for _, gate in catalog.select(options.gates or ["03/01", "04/01"]):
        split = splits.load(gate.dataset, options.data_dir)
        for recipe in [options.recipe] if options.recipe else gate.recipes:
            for network in _trained(gate.id, recipe, split, options.seeds):
                rows.append([gate.id, recipe, *_summary(network)])
                print(tabulate(rows[-1:], HEADERS, floatfmt=".3g"), flush=True)
    print(f"\nmean over {options.seeds} seeds\n{tabulate(rows, HEADERS, floatfmt='.3g')}")


def _trained(gate_id: str, recipe: str, split: Split, seeds: int) -> Iterator[list[Trained]]:
    """Yield each network of a gate, of its exhibits too, trained from every seed."""
    milestone, gate = catalog.select([gate_id])[0]
    found = submission.find(Path("reference"), [module.name for module in modules.modules()])
    runs = []
    for seed in range(seeds):
        entry = Entry(milestone, gate, recipe, found, 1000 * seed)
        verdict = run(entry, split, lambda progress: None)
        assert verdict.passed, verdict
        exhibits = shown(entry, verdict, split, lambda progress: None)
        runs.append([*verdict.networks, *(network for e in exhibits for network in e[1:])])
    yield from map(list, zip(*runs, strict=True))


def _summary(trained: list[Trained]) -> list[object]:
    """Return a row of the table for one network trained from several seeds."""
    network = trained[0].network
    reached = 100 * np.array([one.by_shift for one in trained])
    seconds = float(np.mean([one.seconds for one in trained]))
    worst = max((one.deviation for one in trained if one.deviation is not None), default=None)
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
