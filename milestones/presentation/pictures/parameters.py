"""How many numbers a convolution has to learn, and how many a dense layer in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.ticker import EngFormatter

from ...definition import Shape
from . import style
from .picture import LOCALITY, Picture, Run


@dataclass(frozen=True, kw_only=True)
class Convolution:
    """A convolution by name: the maps (C, H, W) it reads and makes, and its parameters."""

    name: str
    reads: Shape
    makes: Shape
    parameters: int

    @property
    def dense(self) -> int:
        """How many parameters a dense layer between the same maps has, biases included."""
        return math.prod(self.reads) * math.prod(self.makes) + math.prod(self.makes)


def draw(run: Run) -> Picture | None:
    """Draw each convolution's count beside a dense layer's; None if there is no convolution."""
    convolutions = find_convolutions(run)
    if not convolutions:
        return None
    figure = style.make_figure(1.2 + 0.75 * (len(convolutions) + 1))
    axes = figure.subplots()
    for row, one in enumerate(convolutions):
        style.draw_bar(axes, row - 0.2, one.parameters, f"{one.parameters:,}", style.NETWORK)
        style.draw_bar(axes, row + 0.2, one.dense, f"{one.dense:,}", style.QUIET)
    places = (-0.2, 0.2) if len(run.networks) > 1 else (0.0,)
    for place, trained, line in zip(places, run.networks, style.LINES, strict=False):
        size = trained.network.size
        style.draw_bar(axes, len(convolutions) + place, size, f"{size:,}", line["color"])
    names = [
        f"{one.name}\n{_describe_maps(one.reads)} → {_describe_maps(one.makes)}"
        for one in convolutions
    ]
    axes.set_yticks(range(len(convolutions) + 1), [*names, "whole network"])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(EngFormatter(places=0))
    axes.set_xlim(10, 40 * max(one.dense for one in convolutions))
    axes.set_xlabel("parameters (k: thousand, M: million; each step is a factor of ten)")
    keys = [(run.own.network.title, style.NETWORK), ("dense between the same maps", style.QUIET)]
    keys += [(rival.network.title, style.RIVAL) for rival in run.networks[1:]]
    style.add_legend(axes, keys)
    return Picture(
        section=LOCALITY,
        heading="Parameters of convolutions and of dense layers",
        text=_explain(run, convolutions),
        alt="A bar chart of parameter counts on a logarithmic scale. "
        f"{_describe_counts(convolutions)}.",
        png=style.render_png(figure),
    )


def find_convolutions(run: Run) -> list[Convolution]:
    """Return the convolutions of the gate's own network, in order."""
    convolutions, reads = list[Convolution](), run.split.test.images.shape[1:]
    shapes = run.own.network.shapes
    for name, made in run.maps.items():
        makes = made.shape[1:]
        if len(shapes.get(f"{name}.weight", ())) == 4:
            own = (math.prod(shape) for of, shape in shapes.items() if of.startswith(f"{name}."))
            convolution = Convolution(name=name, reads=reads, makes=makes, parameters=sum(own))
            convolutions.append(convolution)
        reads = makes
    return convolutions


def _explain(run: Run, convolutions: list[Convolution]) -> tuple[str, ...]:
    shared = (
        f"A dense layer between the same maps needs a weight for every pair of numbers. "
        f"{_describe_counts(convolutions)}."
    )
    if len(run.networks) < 2:
        return (shared,)
    own, rival = (trained.network for trained in run.networks[:2])
    return (
        shared,
        f"The whole {own.title} has {own.size:,} parameters, the {rival.title} {rival.size:,}: "
        f"{rival.size / own.size:.1f} times as many. It is not hundreds of times, because the "
        "perceptron makes do with a hidden layer far smaller than the maps are.",
    )


def _describe_counts(convolutions: list[Convolution]) -> str:
    return "; ".join(
        f"{one.name} has {one.parameters:,} parameters where a dense layer has {one.dense:,} "
        f"({one.dense / one.parameters:,.0f} times as many)"
        for one in convolutions
    )


def _describe_maps(shape: Shape) -> str:
    channels, *sides = shape
    return f"{channels} × " + "×".join(map(str, sides))
