"""Which class is taken for which."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ...definition import Array
from . import style
from .picture import MISTAKES, Picture, Run

FULL_HEIGHT = 6.2


def draw(run: Run) -> Picture:
    """Draw the gate's own network's confusion matrix, mistakes in colour."""
    classes, labels = run.split.classes, run.split.test.labels
    table = count_confusions(run.own.logits, labels, len(classes))
    figure = style.make_figure(FULL_HEIGHT)
    axes = figure.subplots()
    _draw_cells(axes, table)
    axes.set_xticks(range(len(classes)), classes)
    axes.tick_params(axis="x", labelrotation=90 * style.are_long(classes))
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel(f"what {run.own.network.title} says")
    axes.set_ylabel("what it is")
    wrong = int(table.sum() - np.trace(table))
    summary = (
        f"{wrong:,} of {table.sum():,} test images are taken for something else"
        f"{_name_most_frequent(table, classes)}"
    )
    return Picture(
        section=MISTAKES,
        heading="Confusion matrix",
        text=(
            f"{summary}. Rows are what an image is, columns what it was taken for; the right "
            "answers are the grey diagonal, and only mistakes are coloured.",
        ),
        alt=f"A table of counts by true and predicted class. {summary}.",
        png=style.render_png(figure),
    )


def count_confusions(logits: Array, labels: Array, classes: int) -> Array:
    """Return how many images of each class (row) were taken for each class (column)."""
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, logits.argmax(axis=1)), 1)
    return table


def _draw_cells(axes: Axes, table: Array) -> None:
    mistakes = np.ma.masked_where(np.eye(len(table), dtype=bool) | (table == 0), table)
    most = max(1, int(mistakes.max() if mistakes.count() else 1))
    axes.imshow(np.where(np.eye(len(table)), 1.0, np.nan), cmap="Greys", vmin=0, vmax=6)
    axes.imshow(mistakes, cmap=style.COUNTS, vmin=0, vmax=1.25 * most)
    for (row, column), count in np.ndenumerate(table):
        if count:
            dark = row != column and count > 0.75 * most
            colour = "white" if dark else style.INK
            axes.text(column, row, f"{count:,}", ha="center", va="center", color=colour)
    axes.set_xticks(np.arange(len(table) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(table) + 1) - 0.5, minor=True)
    axes.grid(which="minor", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set(visible=True, color=style.FAINT)


def _name_most_frequent(table: Array, classes: tuple[str, ...]) -> str:
    """Say which mistake is the most frequent."""
    mistakes = table * ~np.eye(len(table), dtype=bool)
    row, column = np.unravel_index(mistakes.argmax(), mistakes.shape)
    times = mistakes[row, column]
    if not times:
        return ""
    often = "once" if times == 1 else f"{times} times"
    return f", most often {classes[row]} for {classes[column]} ({often})"
