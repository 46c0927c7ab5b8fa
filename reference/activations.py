"""02 Activations: elementwise nonlinearities, and softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from .tensor import Array, Tensor


class Block:
    """A function of a tensor that is called like one, with a list of what it can learn."""

    training: bool = True

    def forward(self, x: Tensor) -> Tensor:
        """Compute the output."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        """Call `forward`."""
        return self.forward(*args, **kwargs)

    def parameters(self) -> list[Tensor]:
        """Return the tensors to be trained: here none."""
        return []


class Sigmoid(Block):
    """1 / (1 + exp(-x))."""

    def forward(self, x: Tensor) -> Tensor:
        """Map every element into (0, 1)."""
        y = _sigmoid(x.data)
        return Tensor.from_op(y, (x, lambda g: g * y * (1 - y)))


class ReLU(Block):
    """max(x, 0), with slope 0 at 0."""

    def forward(self, x: Tensor) -> Tensor:
        """Replace negative elements by zero."""
        positive = x.data > 0
        return Tensor.from_op(np.maximum(x.data, 0), (x, lambda g: g * positive))


class Tanh(Block):
    """Hyperbolic tangent."""

    def forward(self, x: Tensor) -> Tensor:
        """Map every element into (-1, 1)."""
        y = np.tanh(x.data)
        return Tensor.from_op(y, (x, lambda g: g * (1 - y * y)))


class GELU(Block):
    """x sigmoid(1.702 x): the sigmoid approximation (Hendrycks and Gimpel, 2016)."""

    def forward(self, x: Tensor) -> Tensor:
        """Weight every element by a sigmoid of itself; the gradient follows from the parts."""
        return x * Sigmoid()(x * 1.702)


class Softmax(Block):
    """exp(x) / sum(exp(x)) along one axis."""

    def forward(self, x: Tensor, dim: int = -1) -> Tensor:
        """Turn scores into positive weights that sum to 1 along `dim`."""
        # Subtracting the maximum changes nothing but keeps exp from overflowing.
        weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))
        y = weights / weights.sum(axis=dim, keepdims=True)
        return Tensor.from_op(y, (x, lambda g: y * (g - (g * y).sum(axis=dim, keepdims=True))))


def _sigmoid(x: Array) -> Array:
    """Sigmoid through exp(-|x|) alone, which cannot overflow."""
    positive = x.real >= 0
    decay = np.exp(np.where(positive, -x, x))
    return np.where(positive, 1 / (1 + decay), decay / (1 + decay))
