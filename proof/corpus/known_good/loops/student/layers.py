"""Module 03: layers."""

import math
import random

import numpy as np

from .tensor import Tensor


def random_normal(shape, std):
    """Normal numbers, drawn one after the other."""
    numbers = [random.gauss(0.0, std) for _ in range(math.prod(shape))]
    return np.array(numbers, dtype=np.float32).reshape(shape)


class Layer:
    """Base class: forward does the work, calling the layer calls forward."""

    def forward(self, x):
        raise NotImplementedError

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def parameters(self):
        return []


class Linear(Layer):
    def __init__(self, in_features, out_features, bias=True):
        std = math.sqrt(2 / in_features)  # He et al., 2015
        weight = random_normal((in_features, out_features), std)
        self.weight = Tensor(weight, requires_grad=True)
        self.bias = Tensor(np.zeros(out_features), requires_grad=True) if bias else None

    def forward(self, x):
        y = x @ self.weight
        return y if self.bias is None else y + self.bias

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class Dropout(Layer):
    def __init__(self, p=0.5):
        if p < 0 or p > 1:
            raise ValueError(f"p must be between 0 and 1, not {p}")
        self.p = p

    def forward(self, x, training=True):
        if not training or self.p == 0:
            return x
        mask = np.zeros(x.shape)
        for place in np.ndindex(*x.shape):
            if random.random() >= self.p:
                mask[place] = 1 / (1 - self.p)
        return x * mask


class Sequential(Layer):
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]
