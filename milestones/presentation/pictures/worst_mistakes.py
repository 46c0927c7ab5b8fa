"""The test images that were taken for something else with the greatest confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from milestones.networks import Array
from milestones.pictures import style
from milestones.pictures.picture import MISTAKES, Picture, Run
from milestones.words import tenths

SHOWN = 20
COLUMNS = 5
HEADING = "The worst mistakes"


@dataclass(frozen=True)
class Mistake:
    """A test image by its position, what it is, and what it was taken for how surely."""

    image: int
    truth: int
    taken_for: int
    probability: float


def draw(run: Run) -> Picture:
    """Show the worst mistakes of the gate's own network."""
    found = worst(run.own.logits, run.split.test.labels)
    if not found:
        return Picture(MISTAKES, HEADING, ("There are none: every test image is recognised.",))
    rows = -(-len(found) // COLUMNS)
    figure = style.figure(1.95 * rows)
    grid = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for axes, mistake in zip(grid, found, strict=False):
        style.image(axes, run.split.test.images[mistake.image])
        axes.set_title(_named(mistake, run.split.classes), fontsize=9)
    for axes in grid[len(found) :]:
        axes.set_axis_off()
    return Picture(
        MISTAKES,
        HEADING,
        (
            f"Test images that {run.own.network.title} got wrong, {SHOWN} at most, the surest "
            "first: what each is, what it was taken for, and the probability (softmax of the "
            "logits) given to that. Some are hard for anyone; where you do not hesitate, ask "
            "what the network overlooks.",
        ),
        f"{len(found)} images; the first: {_named(found[0], run.split.classes)}".replace("\n", " "),
        style.png(figure),
    )


def worst(logits: Array, labels: Array, most: int = SHOWN) -> list[Mistake]:
    """Return the mistakes, those of the highest probability first; of equals the earlier image."""
    probability = softmax(logits)
    taken_for = logits.argmax(axis=1)
    sure = probability.max(axis=1)
    wrong = np.flatnonzero(taken_for != labels)
    order = wrong[np.argsort(-sure[wrong], kind="stable")][:most]
    return [Mistake(int(i), int(labels[i]), int(taken_for[i]), float(sure[i])) for i in order]


def softmax(logits: Array) -> Array:
    """Return the probabilities (N, classes) that logits stand for."""
    powers = np.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _named(mistake: Mistake, classes: tuple[str, ...]) -> str:
    truth, taken_for = classes[mistake.truth], classes[mistake.taken_for]
    return f"{truth}\ntaken for {taken_for}\n{tenths(mistake.probability)} %"
