"""Networks as they are stated: the layers to build, and the shapes of their parameters.

The worker builds them of a submission's layers, the judge of the reference's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
State = dict[str, Array]
"""Parameters and running statistics by name, such as `conv1.weight` and `norm1.running_mean`."""

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A network: how its layers are made, and what shapes its parameters have.

    `build(api)` returns the layers by name, in the order they are applied; `shapes` gives every
    parameter as `layer.attribute`, and `statistics` what batch normalisation keeps beside them.
    """

    title: str
    build: Callable[[Any], dict[str, Any]]
    shapes: Mapping[str, Shape]
    statistics: Mapping[str, Shape]

    @property
    def size(self) -> int:
        """How many numbers are trained."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def flatten(x: Any) -> Any:
    """Lay each image (N, ...) out as one row (N, numbers)."""
    return x.reshape(x.shape[0], -1)


def global_average(x: Any) -> Any:
    """Average each channel's map: (N, C, H, W) to (N, C)."""
    return x.mean(axis=(2, 3))


def make_mlp(inputs: int, hidden: int, classes: int = 10) -> Architecture:
    """Return a perceptron with one hidden layer."""

    def build(api: Any) -> dict[str, Any]:
        return {
            "flatten": flatten,
            "hidden": api.Linear(inputs, hidden),
            "relu": api.ReLU(),
            "output": api.Linear(hidden, classes),
        }

    return Architecture(
        title=f"MLP {inputs}-{hidden}-{classes}",
        build=build,
        shapes=list_linear_shapes("hidden", inputs, hidden)
        | list_linear_shapes("output", hidden, classes),
        statistics={},
    )


def list_linear_shapes(name: str, inputs: int, outputs: int) -> dict[str, Shape]:
    """Return the shapes of a Linear layer's parameters, by `name.attribute`."""
    return {f"{name}.weight": (inputs, outputs), f"{name}.bias": (outputs,)}


def list_conv3x3_shapes(
    name: str, inputs: int, outputs: int, bias: bool = True
) -> dict[str, Shape]:
    """Return the shapes of the parameters of a convolution with 3×3 kernels."""
    shapes: dict[str, Shape] = {f"{name}.weight": (outputs, inputs, 3, 3)}
    if bias:
        shapes[f"{name}.bias"] = (outputs,)
    return shapes
