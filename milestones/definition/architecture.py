"""Networks made of a submission's layers; the reference's layers make the same ones.

Runs in the worker and in the judge, so it imports nothing but NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
State = dict[str, Array]
"""Parameters and running statistics by name, such as `conv1.weight` and `norm1.running_mean`."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
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


class Network:
    """Layers applied one after another, as the submission's Trainer expects a model."""

    def __init__(self, layers: Mapping[str, Any]) -> None:
        """Take the layers in order."""
        self.layers = layers
        self.training = True

    @property
    def training(self) -> bool:
        """Whether the layers are being trained."""
        return self._training

    @training.setter
    def training(self, mode: bool) -> None:
        self._training = mode
        for layer in self.layers.values():
            switch = getattr(layer, "train" if mode else "eval", None)
            if switch:
                switch()

    def forward(self, x: Any) -> Any:
        """Map images to logits (N, classes)."""
        for layer in self.layers.values():
            x = layer(x)
        return x

    __call__ = forward

    def outputs(self, x: Any) -> dict[str, Any]:
        """Return what each layer makes of images, by the layer's name."""
        found = {}
        for name, layer in self.layers.items():
            x = found[name] = layer(x)
        return found

    def parameters(self) -> list[Any]:
        """Return what the layers say is to be trained."""
        layers = [layer for layer in self.layers.values() if hasattr(layer, "parameters")]
        return [parameter for layer in layers for parameter in layer.parameters()]

    def tensor(self, name: str) -> Any:
        """Return a parameter, or a running statistic, by its name."""
        layer, attribute = name.split(".")
        return getattr(self.layers[layer], attribute)

    def load(self, state: Mapping[str, Array]) -> None:
        """Overwrite parameters and statistics in place; raises ValueError for another shape."""
        for name, value in state.items():
            holder = self.tensor(name)
            held = holder if isinstance(holder, np.ndarray) else holder.data
            if held.shape != value.shape:
                raise ValueError(f"{name} has shape {held.shape}, should be {value.shape}")
            held[...] = value


def flatten(x: Any) -> Any:
    """Lay each image out as one row."""
    return x.reshape(x.shape[0], -1)


def global_average(x: Any) -> Any:
    """Average each channel's map to one number."""
    return x.mean(axis=(2, 3))


def mlp(inputs: int, hidden: int, classes: int = 10) -> Architecture:
    """Return a perceptron with one hidden layer."""

    def build(api: Any) -> dict[str, Any]:
        return {
            "flatten": flatten,
            "hidden": api.Linear(inputs, hidden),
            "relu": api.ReLU(),
            "output": api.Linear(hidden, classes),
        }

    shapes = linear("hidden", inputs, hidden) | linear("output", hidden, classes)
    return Architecture(f"MLP {inputs}-{hidden}-{classes}", build, shapes, {})


def linear(name: str, inputs: int, outputs: int) -> dict[str, Shape]:
    """Return the shapes of a Linear layer's parameters."""
    return {f"{name}.weight": (inputs, outputs), f"{name}.bias": (outputs,)}


def conv3x3(name: str, inputs: int, outputs: int, bias: bool = True) -> dict[str, Shape]:
    """Return the shapes of the parameters of a convolution with 3×3 kernels."""
    return {f"{name}.weight": (outputs, inputs, 3, 3)} | (
        {f"{name}.bias": (outputs,)} if bias else {}
    )


def initial(shapes: Mapping[str, Shape], rng: np.random.Generator) -> State:
    """Draw parameters: weights of variance 2 / fan-in, biases above zero, scales around one.

    Where a bias is zero, blank parts of an image give pre-activations of exactly zero, and then
    correct submissions differ in the slope that their ReLU has there. Positive ones keep filters
    from being dead at the start.
    """
    return {name: _drawn(name, shape, rng) for name, shape in shapes.items()}


def _drawn(name: str, shape: Shape, rng: np.random.Generator) -> Array:
    if name.endswith(".gamma"):
        drawn = rng.uniform(0.9, 1.1, shape)
    elif len(shape) == 1:
        drawn = rng.uniform(0.02, 0.1, shape)
    else:
        fan_in = shape[0] if len(shape) == 2 else math.prod(shape[1:])
        drawn = rng.standard_normal(shape) * math.sqrt(2 / fan_in)
    return np.asarray(drawn, np.float32)
