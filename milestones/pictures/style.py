"""How every picture looks: sizes, fonts and colours, in one place."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from milestones.networks import Array

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


def applied() -> AbstractContextManager[None]:
    """Draw like this for a while, whatever the person's own settings are."""
    return matplotlib.style.context(SETTINGS, after_reset=True)


def figure(height: float) -> Figure:
    """Return an empty figure of the page's width, so many inches high."""
    return Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")


def png(drawn: Figure) -> bytes:
    """Return a figure as the bytes of a PNG, the same for the same figure."""
    written = io.BytesIO()
    FigureCanvasAgg(drawn).print_png(written, metadata={"Software": None})
    return written.getvalue()


def image(axes: Axes, pixels: Array) -> None:
    """Show an image (C, H, W): bytes as colours, others as ink on paper."""
    if pixels.dtype == np.uint8:
        axes.imshow(np.moveaxis(pixels, 0, -1), interpolation="nearest")
    else:
        axes.imshow(pixels[0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    bare(axes)


def bare(axes: Axes) -> None:
    """Take away ticks and frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
