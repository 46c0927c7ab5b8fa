"""What the hidden units of a perceptron look at."""

from __future__ import annotations

import math

import numpy as np

from . import style
from .picture import LOCALITY, Picture, Run
from .tiles import lay_out_tiles

WEIGHTS = "hidden.weight"


def draw(run: Run) -> Picture | None:
    """Show each hidden unit's weights as an image; None if the gate's network has none."""
    shape = run.split.test.images.shape[1:]
    if WEIGHTS not in run.own.state or math.prod(shape) != len(run.own.state[WEIGHTS]):
        return None
    both = [
        state[WEIGHTS].T.reshape(-1, *shape)[:, 0] for state in (run.own.initial, run.own.state)
    ]
    count, limit = len(both[0]), max(np.abs(weights).max() for weights in both)
    columns = math.ceil(math.sqrt(count))
    figure = style.make_figure(3.9, apart=0.08)
    for axes, weights, when in zip(
        figure.subplots(1, 2), both, ("as drawn, untrained", "trained"), strict=True
    ):
        style.show_signed(axes, lay_out_tiles(weights, columns), limit)
        axes.set_title(when)
    return Picture(
        section=LOCALITY,
        heading=f"What the {count} hidden units look at",
        text=(
            "Each square holds one hidden unit's weights, laid out as the pixels they belong to: "
            "orange asks for ink, violet for paper. Every unit looks at the whole image and knows "
            "each pixel by its place alone: that neighbours belong together it has to find out "
            "from the examples. Look for strokes that came out of noise, and for blank squares: "
            "units that the network does without, and whose weights decayed.",
        ),
        alt=f"{count} squares of 8×8 weights, before training and after.",
        png=style.render_png(figure),
    )
