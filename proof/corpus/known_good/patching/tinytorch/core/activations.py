"""Module 02: activations, forward only; module 05 adds their gradients."""

import numpy as np

from tinytorch.core.tensor import Tensor

__all__ = ["Sigmoid", "ReLU", "Tanh", "GELU", "Softmax"]

GELU_SCALE = 1.702  # sigmoid(1.702 x) is close to the normal distribution function


def stable_sigmoid(x):
    """1 / (1 + exp(-x)) without ever taking exp of a large number."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


class Sigmoid:
    def parameters(self):
        return []

    def forward(self, x):
        return Tensor(stable_sigmoid(x.data))

    def __call__(self, x):
        return self.forward(x)


class ReLU:
    def parameters(self):
        return []

    def forward(self, x):
        return Tensor(np.maximum(0, x.data))

    def __call__(self, x):
        return self.forward(x)


class Tanh:
    def parameters(self):
        return []

    def forward(self, x):
        return Tensor(np.tanh(x.data))

    def __call__(self, x):
        return self.forward(x)


class GELU:
    """Hendrycks and Gimpel (2016), the sigmoid approximation."""

    def parameters(self):
        return []

    def forward(self, x):
        return Tensor(x.data * stable_sigmoid(GELU_SCALE * x.data))

    def __call__(self, x):
        return self.forward(x)


class Softmax:
    def parameters(self):
        return []

    def forward(self, x, dim=-1):
        powers = np.exp(x.data - np.max(x.data, axis=dim, keepdims=True))
        return Tensor(powers / np.sum(powers, axis=dim, keepdims=True))

    def __call__(self, x, dim=-1):
        return self.forward(x, dim)
