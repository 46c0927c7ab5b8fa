"""Module 02, computed in float64 and rounded at the end; softmax goes through its logarithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .tensor import Tensor


@dataclass
class Block:
    """Base of all that can be called like a function; a dataclass, so it prints nicely."""

    training = True

    def forward(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.forward(*args, **kwargs)

    def parameters(self) -> list[Tensor]:
        return []


def wide(x: Tensor) -> np.ndarray:
    return x.data.astype(np.float64)


def narrow(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)


def logistic(values: np.ndarray) -> np.ndarray:
    """log(1 + exp(-x)) cannot overflow when NumPy computes it, and exp(-that) is the sigmoid."""
    return np.exp(-np.logaddexp(0.0, -values))


@dataclass
class Sigmoid(Block):
    def forward(self, x: Tensor) -> Tensor:
        y = logistic(wide(x))
        return Tensor.from_op(narrow(y), (x, lambda g: narrow(g * (y - y**2))))


@dataclass
class ReLU(Block):
    """max(x, 0) with slope 0 at 0."""

    def forward(self, x: Tensor) -> Tensor:
        y = np.where(x.data > 0, x.data, np.float32(0))
        return Tensor.from_op(y, (x, lambda g: np.where(y > 0, g, 0)))


@dataclass
class Tanh(Block):
    def forward(self, x: Tensor) -> Tensor:
        y = np.tanh(wide(x))
        return Tensor.from_op(narrow(y), (x, lambda g: narrow(g * (1 - y) * (1 + y))))


@dataclass
class GELU(Block):
    """Sigmoid approximation; `scale` as in the paper."""

    scale: float = 1.702

    def forward(self, x: Tensor) -> Tensor:
        values = wide(x)
        gate = logistic(self.scale * values)
        slope = gate + self.scale * values * gate * (1 - gate)
        return Tensor.from_op(narrow(values * gate), (x, lambda g: narrow(g * slope)))


@dataclass
class Softmax(Block):
    dim: int = -1

    def forward(self, x: Tensor, dim: int | None = None) -> Tensor:
        axis = self.dim if dim is None else dim
        values = wide(x)
        total = np.logaddexp.reduce(values, axis=axis, keepdims=True)
        y = np.exp(values - total)

        def to_scores(g: np.ndarray) -> np.ndarray:
            weighted = y * g
            return narrow(weighted - y * weighted.sum(axis=axis, keepdims=True))

        return Tensor.from_op(narrow(y), (x, to_scores))
