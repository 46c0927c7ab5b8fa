"""03 Layers: Linear, Dropout, and their composition."""

from __future__ import annotations

import math

import numpy as np

from .activations import Block
from .tensor import Tensor


class Layer(Block):
    """Base class of whatever holds parameters or behaves differently in training."""


class Linear(Layer):
    """y = x W + b."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        """Draw weights of variance 1 / in_features (LeCun et al., 1998); start the bias at zero."""
        scale = math.sqrt(1 / in_features)
        weight = np.random.standard_normal((in_features, out_features)) * scale
        self.weight = Tensor(weight, requires_grad=True)
        self.bias = Tensor(np.zeros(out_features), requires_grad=True) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., in_features) to (..., out_features)."""
        y = x @ self.weight
        return y if self.bias is None else y + self.bias

    def parameters(self) -> list[Tensor]:
        """Return the weight and, if there is one, the bias."""
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class Dropout(Layer):
    """Zero each element with probability p, divide the rest by 1 - p (Srivastava et al., 2014)."""

    def __init__(self, p: float = 0.5) -> None:
        """Set the probability of dropping an element."""
        if not 0 <= p <= 1:
            raise ValueError(f"dropout probability must lie in [0, 1], not {p}")
        self.p = p

    def forward(self, x: Tensor, training: bool = True) -> Tensor:
        """Drop in training; otherwise, or when the layer was set to evaluate, return x."""
        if self.p == 0 or not (training and self.training):
            return x
        kept = np.random.random_sample(x.shape) >= self.p
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        return x * (kept * scale)


class Sequential(Layer):
    """Layers applied one after another; setting `training` sets it in all of them."""

    def __init__(self, *layers: Block) -> None:
        """Compose the given layers and activations in this order."""
        self.layers = list(layers)
        self._training = True

    @property
    def training(self) -> bool:
        """Whether the layers are being trained."""
        return self._training

    @training.setter
    def training(self, mode: bool) -> None:
        self._training = mode
        for layer in self.layers:
            layer.training = mode

    def forward(self, x: Tensor) -> Tensor:
        """Apply every layer to the output of the one before."""
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Tensor]:
        """Return the parameters of all layers, in order."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]
