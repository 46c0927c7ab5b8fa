"""What the judge draws for one training run; the worker is sent no more than it must know.

Initial weights and the order of the images are new in every run, and so is the numbering of the
classes: what was learned elsewhere is of no use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.splits import Images, Split
from ..definition import Phase, Recipe, State
from .initial_weights import draw_initial_weights


@dataclass(frozen=True, eq=False, kw_only=True)
class SecretRun:
    """One run: its recipe and all that is random about it.

    `numbering[c]` is what the worker calls class c, in `train` too; `probe` are images to take
    gradients on before the first step.
    """

    recipe: Recipe
    numbering: NDArray[np.int64]
    train: Images
    initial: State
    plan: tuple[Phase, ...]
    probe: NDArray[np.int64]

    @property
    def start(self) -> dict[str, Any]:
        """What `Session.start` is asked with."""
        return {
            "network": self.recipe.network.title,
            "batch_size": self.recipe.batch_size,
            "sgd": self.sgd,
            "clip": self.recipe.clip,
            **self.initial,
        }

    @property
    def sgd(self) -> dict[str, float]:
        """What the optimizer is made with."""
        recipe, rate = self.recipe, self.plan[0].rate
        return {"lr": rate, "momentum": recipe.momentum, "weight_decay": recipe.weight_decay}


def draw_secret_run(recipe: Recipe, split: Split, seed: int) -> SecretRun:
    """Draw a run from a seed."""
    rng = np.random.default_rng(seed)
    numbering = rng.permutation(len(split.classes))
    train = Images(split.train.images, numbering[split.train.labels])
    return SecretRun(
        recipe=recipe,
        numbering=numbering,
        train=train,
        initial=draw_initial_weights(recipe.network.shapes, rng),
        plan=tuple(recipe.draw_plan(len(train), rng)),
        probe=rng.permutation(len(train))[: recipe.batch_size],
    )
