"""How many numbers a convolution has to learn, and how many a dense layer in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes

from milestones.networks import Shape
from milestones.pictures import style
from milestones.pictures.picture import LOCALITY, Picture, Run
from milestones.training import Trained


@dataclass(frozen=True)
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
    found = convolutions(run.own, run.split.test.images.shape[1:])
    if not found:
        return None
    rows = [
        (f"{one.name}\n{_maps(one.reads)} → {_maps(one.makes)}", one.parameters, one.dense)
        for one in found
    ]
    figure = style.figure(0.9 + 0.8 * (len(rows) + len(run.networks[1:])))
    axes = figure.subplots()
    for row, (_, shared, dense) in enumerate(rows):
        _bar(axes, row - 0.2, shared, style.NETWORK, "convolution" if not row else "")
        _bar(axes, row + 0.2, dense, style.QUIET, "dense layer between the same maps" if not row else "")
    raise NotImplementedError
