"""Module 02: activations, one number or one row at a time."""

import math

import numpy as np

from .tensor import record


class Activation:
    """Anything that maps a Tensor to a Tensor and has nothing to learn."""

    def __call__(self, x, *args, **kwargs):
        return self.forward(x, *args, **kwargs)

    def parameters(self):
        return []


class Elementwise(Activation):
    """f applied to every number; slope(x, y) is its derivative where f(x) = y."""

    def f(self, x):
        raise NotImplementedError

    def slope(self, x, y):
        raise NotImplementedError

    def forward(self, x):
        inputs = x.data.ravel().tolist()
        outputs = [self.f(value) for value in inputs]

        def push(g):
            slopes = [self.slope(value, out) for value, out in zip(inputs, outputs)]
            return (g * np.array(slopes, dtype=np.float32).reshape(x.shape),)

        return record(np.array(outputs).reshape(x.shape), (x,), push)


class Sigmoid(Elementwise):
    def f(self, x):
        if x >= 0:
            return 1 / (1 + math.exp(-x))
        return math.exp(x) / (1 + math.exp(x))

    def slope(self, x, y):
        return y * (1 - y)


class ReLU(Elementwise):
    def f(self, x):
        return x if x > 0 else 0.0

    def slope(self, x, y):
        return 1.0 if x >= 0 else 0.0  # at 0 any slope from 0 to 1 would do


class Tanh(Elementwise):
    def f(self, x):
        return math.tanh(x)

    def slope(self, x, y):
        return 1 - y * y


class GELU(Elementwise):
    """x times the normal distribution function (Hendrycks and Gimpel, 2016)."""

    def f(self, x):
        return x * self.normal_cdf(x)

    def slope(self, x, y):
        density = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        return self.normal_cdf(x) + x * density

    def normal_cdf(self, x):
        return 0.5 * math.erfc(-x / math.sqrt(2))


class Softmax(Activation):
    def forward(self, x, dim=-1):
        moved = np.moveaxis(x.data, dim, -1)
        result = np.zeros_like(moved)
        for place in np.ndindex(*moved.shape[:-1]):
            result[place] = softmax_row(moved[place])

        def push(g):
            moved_g = np.moveaxis(g, dim, -1)
            grad = np.zeros_like(result)
            for place in np.ndindex(*result.shape[:-1]):
                p = result[place]
                grad[place] = p * (moved_g[place] - np.dot(moved_g[place], p))
            return (np.moveaxis(grad, -1, dim),)

        return record(np.moveaxis(result, -1, dim), (x,), push)


def softmax_row(row):
    """Probabilities of one row; the largest logit is taken away first."""
    largest = max(row)
    powers = [math.exp(value - largest) for value in row]
    total = sum(powers)
    return [power / total for power in powers]
