"""Module 02. Every gradient is a small function of its own; ReLU has slope 1/2 at 0, GELU uses erf."""

import math

import numpy as np

from .tensor import Tensor


class Block:
    """Something that maps a tensor to a tensor."""

    training = True

    def forward(self, x):
        raise NotImplementedError

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def parameters(self):
        return []


def elementwise(x, function, slope):
    """Apply a function to every element; slope(x, y) is its derivative."""
    values = x.data
    result = function(values)

    def send_back(gradient):
        return gradient * slope(values, result)

    return Tensor.from_op(result, (x, send_back))


class Sigmoid(Block):
    def forward(self, x):
        # The logistic curve is a tanh that is stretched and lifted; tanh never overflows.
        return elementwise(
            x,
            lambda v: 0.5 + 0.5 * np.tanh(0.5 * v),
            lambda v, y: y * (1.0 - y),
        )


class ReLU(Block):
    def forward(self, x):
        # (sign + 1) / 2 is 0, 1/2 or 1: the middle of all subgradients at the kink.
        return elementwise(
            x,
            lambda v: (v + np.abs(v)) / 2,
            lambda v, y: (np.sign(v) + 1) / 2,
        )


class Tanh(Block):
    def forward(self, x):
        return elementwise(x, np.tanh, lambda v, y: 1.0 / np.cosh(np.clip(v, -40, 40)) ** 2)


erf = np.vectorize(math.erf, otypes=[np.float64])


def normal_cdf(v):
    return 0.5 * (1.0 + erf(v / math.sqrt(2.0)))


def normal_density(v):
    return np.exp(-0.5 * v.astype(np.float64) ** 2) / math.sqrt(2.0 * math.pi)


class GELU(Block):
    def forward(self, x):
        """x times the probability that a standard normal number is smaller than x."""
        return elementwise(
            x,
            lambda v: v * normal_cdf(v),
            lambda v, y: normal_cdf(v) + v * normal_density(v),
        )


class Softmax(Block):
    def forward(self, x, dim=-1):
        scores = np.moveaxis(x.data, dim, -1)
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares = powers / powers.sum(axis=-1, keepdims=True)

        def send_back(gradient):
            g = np.moveaxis(gradient, dim, -1)
            # The whole Jacobian of each row: diag(p) - p p^T.
            jacobian = shares[..., :, None] * np.eye(shares.shape[-1]) - (
                shares[..., :, None] * shares[..., None, :]
            )
            return np.moveaxis((jacobian @ g[..., None])[..., 0], -1, dim)

        return Tensor.from_op(np.moveaxis(shares, -1, dim), (x, send_back))
