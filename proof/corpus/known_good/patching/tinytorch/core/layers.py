"""Module 03: layers."""

import numpy as np

from tinytorch.core.tensor import Tensor

__all__ = ["Layer", "Linear", "Dropout", "Sequential"]


class Layer:
    """Base class of everything with a forward method."""

    def forward(self, x):
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def __call__(self, x, *args, **kwargs):
        return self.forward(x, *args, **kwargs)

    def parameters(self):
        return []

    def __repr__(self):
        return f"{type(self).__name__}()"


class Linear(Layer):
    def __init__(self, in_features, out_features, bias=True):
        self.in_features = in_features
        self.out_features = out_features
        scale = np.sqrt(1.0 / in_features)  # LeCun et al. (1998)
        weight = np.random.randn(in_features, out_features) * scale
        self.weight = Tensor(weight, requires_grad=True)
        self.bias = None
        if bias:
            self.bias = Tensor(np.zeros(out_features), requires_grad=True)

    def forward(self, x):
        output = x.matmul(self.weight)
        if self.bias is not None:
            output = output + self.bias
        return output

    def parameters(self):
        params = [self.weight]
        if self.bias is not None:
            params.append(self.bias)
        return params

    def __repr__(self):
        return f"Linear(in_features={self.in_features}, out_features={self.out_features})"


class Dropout(Layer):
    def __init__(self, p=0.5):
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability must lie in [0, 1], got {p}")
        self.p = p

    def forward(self, x, training=True):
        if not training or self.p == 0.0:
            return x * 1.0
        if self.p == 1.0:
            return x * Tensor(np.zeros(x.shape))
        keep = 1.0 - self.p
        mask = np.random.random(x.shape) < keep
        return x * Tensor(mask / keep)

    def __call__(self, x, training=True):
        return self.forward(x, training)

    def __repr__(self):
        return f"Dropout(p={self.p})"


class Sequential(Layer):
    def __init__(self, *layers):
        one_list = len(layers) == 1 and isinstance(layers[0], (list, tuple))
        self.layers = list(layers[0] if one_list else layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def parameters(self):
        params = []
        for layer in self.layers:
            params.extend(layer.parameters())
        return params
