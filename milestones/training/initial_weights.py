"""The weights that training begins with; the judge draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..definition import Array, Shape, State


def draw_initial_weights(shapes: Mapping[str, Shape], rng: np.random.Generator) -> State:
    """Draw parameters: weights of variance 2 / fan-in, biases above zero, scales around one.

    Where a bias is zero, blank parts of an image give pre-activations of exactly zero, and then
    correct submissions differ in the slope that their ReLU has there. Positive ones keep filters
    from being dead at the start. All are float32.
    """
    return {name: _draw(name, shape, rng) for name, shape in shapes.items()}


def _draw(name: str, shape: Shape, rng: np.random.Generator) -> Array:
    if name.endswith(".gamma"):
        drawn = rng.uniform(0.9, 1.1, shape)
    elif len(shape) == 1:
        drawn = rng.uniform(0.02, 0.1, shape)
    else:
        fan_in = shape[0] if len(shape) == 2 else math.prod(shape[1:])
        drawn = rng.standard_normal(shape) * math.sqrt(2 / fan_in)
    return np.asarray(drawn, np.float32)
