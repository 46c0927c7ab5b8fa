"""The cases of the training checks: batches, what is drawn, what a view compares of two runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw


class Loader:
    """Batches that can be counted and iterated, as those of a DataLoader, but not indexed."""

    def __init__(self, batches: list[Any]) -> None:
        """Keep the batches."""
        self._batches = batches

    def __len__(self) -> int:
        """Return their number."""
        return len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        """Start over."""
        return iter(self._batches)


def batches(tensor: Any, x: Any, y: Any, n: int) -> Loader:
    """Return batches of n samples, the last one possibly short."""
    return Loader([(tensor(x[i : i + n]), tensor(y[i : i + n])) for i in range(0, len(x), n)])


def schedules(draw: Draw) -> Inputs:
    """The ends and the length of a schedule."""
    ends = {"high": draw.choice((1.0, 0.5, 0.1)), "low": draw.choice((0.0, 0.25, 0.01))}
    return ends | {"epochs": draw.integer(1, 12)}


def gradients(draw: Draw, *shares: float) -> Inputs:
    """Two gradients, and a limit that is one of `shares` of their norm."""
    g, h = draw.nonzero(draw.shape(1, 2)), draw.nonzero(draw.shape(1, 1))
    return {"g": g, "h": h, "limit": math.hypot(*g.flat, *h.flat) * draw.choice(shares)}


def regression(draw: Draw, *plans: tuple[int, ...], **settings: Any) -> Inputs:
    """Starting parameters, samples to fit, and a plan: how many, batches of n, groups of k."""
    features, outputs = draw.choice((2, 1, 3)), draw.choice((1, 2))
    count, *plan = draw.choice(plans)
    settings |= zip("nk", plan, strict=False)
    x, y = draw.grid((count, features)), draw.grid((count, outputs))
    return {"start": draw.grid((features + 1, outputs)), "x": x, "y": y, **settings}


def groups_to_clip(draw: Draw) -> Inputs:
    """Single batches, and groups of two whose parts must not be clipped one by one."""
    plans = ((2, 2, 1), (2, 1, 1), (2, 1, 2), (4, 2, 2))
    return regression(draw, *plans, limit=draw.choice((0.25, 1.0)))


def classification(draw: Draw, *plans: tuple[int, int]) -> Inputs:
    """A classifier, and a plan: how many samples, in batches of n, the last one often short."""
    features, classes = draw.choice((2, 1, 3)), draw.choice((3, 2, 4))
    count, n = draw.choice(plans or ((2, 2), (3, 2), (5, 2), (4, 3)))
    start = draw.grid((features + 1, classes))
    start[-1] += np.arange(classes, dtype=np.float32) / 256  # finer than any product: no ties
    x, y = draw.grid((count, features)), draw.ids(count, classes)
    return {"start": start, "x": x, "y": y, "n": n}


def difference(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Compare the two runs with each other: when rates are set and how weights decay is free."""
    runs = [[answer[name].array for name in answer if run in name] for run in ("never", "resumed")]
    relative = [
        (there - here) / (1 + np.abs(here).max()) for here, there in zip(*runs, strict=True)
    ]
    names = ("parameters, resumed - never stopped", "their losses", "their learning rates")
    return dict(zip(names, relative, strict=True))
