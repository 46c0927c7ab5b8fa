"""Checkpoints."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gradgate.authoring import check

from . import cases
from .cases import batches
from .model import Model


@check(
    inputs=lambda draw: cases.regression(
        draw, (2, 2), rule=draw.choice(("SGD", "Adam", "AdamW")), epochs=draw.choice((2, 1, 0))
    ),
    hint="Save epoch, history and all an optimizer keeps: lr, velocities, moments, step_count.",
    view=cases.difference,
)
def resumes(api: Any, start: Any, x: Any, y: Any, n: int, rule: str, epochs: int) -> dict[str, Any]:
    """Training resumed from a checkpoint equals training never stopped."""
    make = {"SGD": api.SGD, "Adam": api.Adam, "AdamW": api.AdamW}[rule]
    options = {"lr": 0.25, "momentum": 0.5} if rule == "SGD" else {"lr": 0.25}
    loader, rates = batches(api.Tensor, x, y, n), api.CosineSchedule(0.25, 0.0, 4)
    a, b = Model(api.Linear, start), Model(api.Linear, -start)
    first = api.Trainer(a, make(a.parameters(), **options), api.MSELoss(), rates)
    second = api.Trainer(b, make(b.parameters(), **options), api.MSELoss(), rates)
    for _ in range(epochs):
        first.train_epoch(loader)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        first.save_checkpoint(f"{folder}/checkpoint.pkl")
        second.train_epoch(loader)
        second.load_checkpoint(f"{folder}/checkpoint.pkl")
    first.train_epoch(loader)
    second.train_epoch(loader)
    return {
        "parameters, never stopped": a.now(),
        "parameters, resumed": b.now(),
        "train_loss, never stopped": np.array(first.history["train_loss"], float),
        "train_loss, resumed": np.array(second.history["train_loss"], float),
        "learning_rates, never stopped": np.array(first.history["learning_rates"], float),
        "learning_rates, resumed": np.array(second.history["learning_rates"], float),
    }
