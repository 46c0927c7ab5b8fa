"""The test images that were taken for something else with the greatest confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...definition import Array
from ...gate.figures import format_tenths
from . import style
from .picture import MISTAKES, Picture, Run

MOST = 20
COLUMNS = 5
HEADING = "The worst mistakes"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A test image by its position, what it is, and what it was taken for how surely."""

    image: int
    truth: int
    taken_for: int
    probability: float


def draw(run: Run) -> Picture:
    """Show the worst mistakes of the gate's own network."""
    mistakes = find_worst(run.own.logits, run.split.test.labels)
    if not mistakes:
        return Picture(
            section=MISTAKES,
            heading=HEADING,
            text=("There are none: every test image is recognised.",),
        )
    rows = -(-len(mistakes) // COLUMNS)
    figure = style.make_figure(1.95 * rows)
    grid = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for axes, mistake in zip(grid, mistakes, strict=False):
        style.show_image(axes, run.split.test.images[mistake.image])
        axes.set_title(_name_mistake(mistake, run.split.classes), fontsize=9)
    for axes in grid[len(mistakes) :]:
        axes.set_axis_off()
    first = _name_mistake(mistakes[0], run.split.classes)
    return Picture(
        section=MISTAKES,
        heading=HEADING,
        text=(
            f"Test images that {run.own.network.title} got wrong, {MOST} at most, the surest "
            "first: what each is, what it was taken for, and the probability (softmax of the "
            "logits) given to that. Some are hard for anyone; where you do not hesitate, ask "
            "what the network overlooks.",
        ),
        alt=f"{len(mistakes)} images; the first: {' '.join(first.splitlines())}",
        png=style.render_png(figure),
    )


def find_worst(logits: Array, labels: Array, most: int = MOST) -> list[Mistake]:
    """Return the mistakes, those of the highest probability first; of equals the earlier image."""
    probability = softmax(logits)
    taken_for = logits.argmax(axis=1)
    sure = probability.max(axis=1)
    wrong = np.flatnonzero(taken_for != labels)
    order = wrong[np.argsort(-sure[wrong], kind="stable")][:most]
    return [
        Mistake(
            image=int(i),
            truth=int(labels[i]),
            taken_for=int(taken_for[i]),
            probability=float(sure[i]),
        )
        for i in order
    ]


def softmax(logits: Array) -> Array:
    """Return the probabilities (N, classes) that logits stand for."""
    powers = np.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _name_mistake(mistake: Mistake, classes: tuple[str, ...]) -> str:
    truth, taken_for = classes[mistake.truth], classes[mistake.taken_for]
    return f"{truth}\ntaken for {taken_for}\n{format_tenths(mistake.probability)} %"
