"""A linear model that the checks train."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import values


class Model:
    """A Linear layer; the rows of `start` are those of its weight, the last one is its bias."""

    def __init__(self, linear: Any, start: Any) -> None:
        self.layer = linear(len(start) - 1, start.shape[1])
        self.layer.weight.data, self.layer.bias.data = start[:-1].copy(), start[-1].copy()
        self.parameters = self.layer.parameters
        self.training, self.modes = True, list[bool]()

    def forward(self, x: Any) -> Any:
        """Apply the layer and note whether that was in training."""
        self.modes.append(bool(self.training))
        return self.layer(x)

    __call__ = forward

    def now(self) -> Any:
        """Return the present weight and bias, laid out as `start`."""
        return np.vstack([values(self.layer.weight), values(self.layer.bias)])


def parameter(tensor: Any, gradient: Any) -> Any:
    """Return a tensor whose grad is `gradient`, in the form the submission stores gradients in."""
    leaf = tensor(np.zeros_like(gradient), requires_grad=True)
    (leaf * 1.0).backward(gradient)
    return leaf
