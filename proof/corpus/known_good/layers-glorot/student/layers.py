"""Module 03: Glorot's weights, binomial masks; Linear and Dropout write their gradients themselves."""

import numpy as np

from .activations import Block
from .tensor import Tensor


class Layer(Block):
    def __repr__(self):
        shapes = ", ".join(str(p.shape) for p in self.parameters())
        return f"{type(self).__name__}({shapes})"


class Linear(Layer):
    def __init__(self, in_features, out_features, bias=True):
        self.in_features, self.out_features = in_features, out_features
        std = (2.0 / (in_features + out_features)) ** 0.5
        start = np.random.normal(0.0, std, size=(in_features, out_features))
        self.weight = Tensor(start, requires_grad=True)
        self.bias = None
        if bias:
            self.bias = Tensor(np.zeros((out_features,)), requires_grad=True)

    def forward(self, x):
        values, weight = x.data, self.weight.data
        rows = values.reshape(-1, self.in_features)
        out = rows @ weight
        if self.bias is not None:
            out += self.bias.data

        def to_weight(g):
            return rows.T @ g.reshape(-1, self.out_features)

        edges = [(x, lambda g: g @ weight.T), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: g.reshape(-1, self.out_features).sum(axis=0)))
        return Tensor.from_op(out.reshape(*values.shape[:-1], self.out_features), *edges)

    def parameters(self):
        return [p for p in (self.weight, self.bias) if p is not None]


class Dropout(Layer):
    def __init__(self, p=0.5):
        if p < 0 or p > 1:
            raise ValueError(f"Dropout: p = {p} is not between 0 and 1")
        self.p = p

    def forward(self, x, training=True):
        if not training:
            return x
        kept = np.random.binomial(1, 1.0 - self.p, size=x.data.shape)
        factor = kept / max(1.0 - self.p, 1e-12)  # with p = 1 nothing is kept: 0 / 1e-12
        return Tensor.from_op(x.data * factor, (x, lambda g: g * factor))


class Sequential(Layer):
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        return y

    def parameters(self):
        everything = []
        for layer in self.layers:
            everything += layer.parameters()
        return everything
