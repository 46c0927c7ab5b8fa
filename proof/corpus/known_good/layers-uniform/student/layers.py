"""Module 03: uniform weights, masks drawn by Python's random module, and a Parameter class."""

import random
from math import sqrt

import numpy as np

from .activations import Block
from .tensor import Tensor


class Parameter(Tensor):
    """A tensor that is trained."""

    def __init__(self, data):
        super().__init__(data, requires_grad=True)


class Layer(Block):
    """Finds its parameters among its own attributes."""

    def parameters(self):
        found = []
        for value in vars(self).values():
            if isinstance(value, Parameter):
                found.append(value)
            elif isinstance(value, Block):
                found.extend(value.parameters())
        return found


class Linear(Layer):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = sqrt(3 / in_features)  # a uniform number in [-b, b] has the variance b * b / 3
        rows = [
            [random.uniform(-bound, bound) for _ in range(out_features)]
            for _ in range(in_features)
        ]
        self.weight = Parameter(rows)
        self.bias = Parameter([0.0] * out_features) if bias else None

    def forward(self, x):
        out = x @ self.weight
        if self.bias is not None:
            out = out + self.bias
        return out


class Dropout(Layer):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x, training=True):
        if not training or self.p == 0.0:
            return x + 0.0  # never the very same tensor
        if self.p == 1.0:
            return x * 0.0
        coins = [random.random() for _ in range(x.size)]
        keep = np.array(coins, dtype=np.float32).reshape(x.shape) > self.p
        return x * keep / (1.0 - self.p)


class Sequential(Layer):
    def __init__(self, *layers):
        super().__init__()
        self.layers = [*layers]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return sum((layer.parameters() for layer in self.layers), [])
