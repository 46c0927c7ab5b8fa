"""How every picture looks: sizes, fonts and colours, in one place."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch

from ...definition import Array

WIDTH = 7.2  # inches; the page shows them at 792 pixels
DPI = 110

# Told apart with any colour vision (Okabe and Ito, 2008), and by lightness in grey.
NETWORK, RIVAL = "#0072b2", "#e08214"
INK, QUIET, FAINT = "#222222", "#6b6b6b", "#d9d9d9"
SIGNED = "PuOr_r"  # below zero violet, zero white, above orange
COUNTS = "YlOrRd"

LINES: tuple[dict[str, Any], ...] = (
    {"color": NETWORK, "marker": "o", "linestyle": "-"},
    {"color": RIVAL, "marker": "s", "linestyle": "--"},
)
"""The gate's own network and its rival, wherever they are lines."""

SETTINGS: dict[str, Any] = {
    "font.size": 10.5,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.grid": False,
    "grid.color": FAINT,
    "legend.frameon": False,
    "lines.markersize": 5,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
}


def apply_style() -> AbstractContextManager[None]:
    """Draw like this for a while, whatever the person's own settings are."""
    return matplotlib.style.context(SETTINGS, after_reset=True)


def make_figure(height: float, apart: float = 0.02) -> Figure:
    """Return an empty figure so many inches high; columns are `apart` by that share of it."""
    layout = ConstrainedLayoutEngine(wspace=apart)
    return Figure(figsize=(WIDTH, height), dpi=DPI, layout=layout)


def render_png(figure: Figure) -> bytes:
    """Return a figure as the bytes of a PNG, the same for the same figure."""
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def show_image(axes: Axes, pixels: Array) -> None:
    """Show an image (C, H, W), framed: bytes as colours, others as ink on paper."""
    if pixels.dtype == np.uint8:
        axes.imshow(np.moveaxis(pixels, 0, -1), interpolation="nearest")
    else:
        axes.imshow(pixels[0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    strip_axes(axes)
    axes.spines[:].set(visible=True, color=FAINT)


def show_signed(axes: Axes, values: Array, limit: float) -> None:
    """Show numbers (H, W) from -limit to limit in colours; NaN is left blank."""
    axes.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    strip_axes(axes)


def write_beside(
    axes: Axes, text: str, point: tuple[float, float], by: tuple[float, float]
) -> None:
    """Write beside a point, so many typographic points to the right of it and above."""
    side = "left" if by[0] > 0 else "right"
    axes.annotate(text, point, xytext=by, textcoords="offset points", va="center", ha=side)


def draw_bar(axes: Axes, place: float, length: float, text: str, colour: str) -> None:
    """Draw a horizontal bar with its figure at its end."""
    axes.barh(place, length, height=0.36, color=colour)
    write_beside(axes, text, (length, place), (4, 0))


def add_legend(axes: Axes, meanings: Iterable[tuple[str, str]]) -> None:
    """Say above horizontal bars which colour means what."""
    handles = [Patch(color=colour, label=label) for label, colour in meanings]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.1, 1), ncols=len(handles))


def are_long(classes: tuple[str, ...]) -> bool:
    """Whether the names of classes are too long to stand side by side."""
    return max(map(len, classes)) > 2


def strip_axes(axes: Axes) -> None:
    """Take away ticks and frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
