"""The filters of the first layer, before and after training."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ...definition import Array
from . import style
from .picture import HIERARCHY, Picture, Run
from .tiles import lay_out_tiles


def draw(run: Run) -> Picture | None:
    """Show the first convolution's filters as drawn and as trained; None if there is none."""
    kernels = [name for name, shape in run.own.network.shapes.items() if len(shape) == 4]
    if not kernels:
        return None
    before, after = run.own.initial[kernels[0]], run.own.state[kernels[0]]
    limit = max(np.abs(before).max(), np.abs(after).max())
    columns = 4 if len(before) <= 8 else 8
    rows = -(-len(before) // columns)
    figure = style.make_figure(0.42 + 3.2 * rows / columns, apart=0.1)
    for axes, weights, when in zip(
        figure.subplots(1, 2), (before, after), ("as drawn, untrained", "trained"), strict=True
    ):
        _show_filters(axes, weights, columns, limit)
        axes.set_title(when)
    moved = np.linalg.norm(after - before) / np.linalg.norm(before)
    return Picture(
        section=HIERARCHY,
        heading=f"The {len(before)} filters of the first layer",
        text=(
            _explain(before.shape[1]),
            f"Training moved them by {100 * moved:.0f} % of their length.",
        ),
        alt=f"{len(before)} small squares of 3×3 weights, before training and after.",
        png=style.render_png(figure),
    )


def _show_filters(axes: Axes, weights: Array, columns: int, limit: float) -> None:
    """Show filters (O, I, 3, 3): three inputs as red, green and blue, one as signed weights."""
    if weights.shape[1] == 3:
        colours = np.moveaxis(0.5 + weights / (2 * limit), 1, -1)
        axes.imshow(np.nan_to_num(lay_out_tiles(colours, columns), nan=1), interpolation="nearest")
    else:
        style.show_signed(axes, lay_out_tiles(weights[:, 0], columns), limit)
    style.strip_axes(axes)


def _explain(inputs: int) -> str:
    if inputs == 3:
        return (
            "Each square is a filter of 3×3, its weights for red, green and blue as one colour: "
            "mid-grey is zero, a colour is what the filter asks for. Grey ones that change from "
            "light to dark answer to edges, coloured ones to a colour or a change of colour."
        )
    return (
        "Each square is a filter of 3×3: orange weights ask for ink, violet ones for paper, white "
        "ones do not care. Where orange and violet lie on two sides, the filter answers to an "
        "edge in that direction."
    )
