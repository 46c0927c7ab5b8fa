"""How a network is trained: a plan of short phases, each at one learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .architecture import Architecture


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Some steps at one learning rate: which images, in this order, a batch at a time.

    `epoch` counts from 1; a phase that is not `plain` flips and crops its images at random.
    """

    epoch: int
    order: NDArray[np.int64]
    rate: float
    plain: bool

    def split_off_last_step(self, batch_size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the images of all steps but the last, and those of the last."""
        return self.order[:-batch_size], self.order[-batch_size:]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Stochastic gradient descent with momentum and a one-cycle schedule (Smith and Topin, 2019).

    The rate rises to `peak` over the first fifth of training and falls to zero at its end, in
    steps: an epoch has `phases` of them. The first `replayed` phases are plain, whether or not the
    recipe augments images. Gradients are clipped to the norm `clip`. `minutes` is what a submission
    may take in all.
    """

    network: Architecture
    epochs: int
    batch_size: int
    phases: int
    peak: float
    momentum: float = 0.9
    weight_decay: float = 5e-4
    clip: float = 1.0
    augment: bool = False
    replayed: int = 1
    minutes: float = 15

    RISE: ClassVar[float] = 0.2

    def compute_rate(self, phase: int) -> float:
        """Return the learning rate of a phase, counted from 0."""
        done = (phase + 0.5) / (self.epochs * self.phases)
        return self.peak * min(done / self.RISE, (1 - done) / (1 - self.RISE))

    def draw_plan(self, count: int, rng: np.random.Generator) -> Iterator[Phase]:
        """Yield the phases of training on `count` images, every epoch in a new order."""
        for epoch in range(self.epochs):
            shuffled = rng.permutation(count)
            size = -(-count // self.phases // self.batch_size) * self.batch_size
            for part in range(self.phases):
                number = epoch * self.phases + part
                yield Phase(
                    epoch=epoch + 1,
                    order=shuffled[part * size : (part + 1) * size],
                    rate=self.compute_rate(number),
                    plain=not self.augment or number < self.replayed,
                )
