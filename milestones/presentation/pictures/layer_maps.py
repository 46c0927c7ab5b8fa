"""What a network makes of a few images, layer by layer."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ...definition import Array
from . import style
from .picture import HIERARCHY, Picture, Run
from .tiles import lay_out_tiles
from .worst_mistakes import softmax

IMAGES = 4
MAPS, COLUMNS = 8, 4  # of each layer


def draw(run: Run) -> Picture | None:
    """Show the first test images on their way through the network; None if it makes no maps."""
    maps = {name: made[:IMAGES] for name, made in run.maps.items()}
    if not maps:
        return None
    heights = [1.2, *[1.0] * len(maps), 1.2]
    figure = style.make_figure(0.86 * sum(heights), apart=0.12)
    grid = figure.subplots(len(heights), IMAGES, squeeze=False, height_ratios=heights)
    for column, axes in enumerate(grid[0]):
        style.show_image(axes, run.split.test.images[column])
    for row, (name, output) in zip(grid[1:-1], maps.items(), strict=True):
        _show_maps(row, output)
        row[0].set_ylabel(_name_layer(name, output), rotation=0, ha="right", va="center")
    grid[0, 0].set_ylabel("image", rotation=0, ha="right", va="center")
    grid[-1, 0].set_ylabel("probability\nof each class", rotation=0, ha="right", va="center")
    _draw_answers(list(grid[-1]), run)
    return Picture(
        section=HIERARCHY,
        heading=f"{IMAGES} test images on their way through the layers",
        text=(
            "From the top down: an image, what each layer makes of it, and the answer. A cell "
            f"holds a layer's first {MAPS} maps; a map keeps its place until the next convolution, "
            "which makes new ones of them all. Orange is above zero, violet below, on a scale of "
            "the layer's own. The blue bar is the answer that would be right.",
            "Look for maps that trace one kind of stroke or edge and nothing else; for ReLU, which "
            "wipes out the violet; and for pooling, which keeps that something was found and "
            "gives up where exactly.",
        ),
        alt=f"A grid of {IMAGES} images and their feature maps in {', '.join(maps)}.",
        png=style.render_png(figure),
    )


def _show_maps(row: Array, output: Array) -> None:
    """Show the maps (N, C, H, W) of one layer, an image in each cell of the row."""
    first = output[:, :MAPS]
    limit = float(np.abs(first).max()) or 1.0
    for axes, maps in zip(row, first, strict=True):
        style.show_signed(axes, lay_out_tiles(maps, COLUMNS), limit)


def _draw_answers(row: list[Axes], run: Run) -> None:
    """Draw the probabilities; the bar of what the image is has the network's colour."""
    # The logits, not the last layer's output: that has the worker's numbering of the classes.
    classes = run.split.classes
    for axes, shares, truth in zip(
        row, softmax(run.own.logits[:IMAGES]), run.split.test.labels, strict=False
    ):
        colours = [style.NETWORK if c == truth else style.QUIET for c in range(len(classes))]
        axes.bar(range(len(classes)), shares, color=colours)
        axes.set_ylim(0, 1)
        axes.set_yticks([])
        axes.set_xticks(range(len(classes)), classes)
        axes.tick_params(length=0, labelsize=8, labelrotation=90 * style.are_long(classes))
        axes.spines["left"].set_visible(False)


def _name_layer(name: str, output: Array) -> str:
    _, channels, height, width = output.shape
    return f"{name}\n{channels} × {height}×{width}"
