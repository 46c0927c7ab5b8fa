"""Module 09 with as_strided; backward is a convolution of the dilated gradient; ties are shared."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .layers import Layer
from .tensor import Tensor

Pair = tuple[int, int]


def pair(value: int | Pair) -> Pair:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def bordered(images: np.ndarray, border: Pair, value: float = 0.0) -> np.ndarray:
    widths = ((0, 0), (0, 0), (border[0],) * 2, (border[1],) * 2)
    return np.pad(images, widths, mode="constant", constant_values=value)


def patches(images: np.ndarray, kernel: Pair, stride: Pair) -> np.ndarray:
    """A read-only view (N, C, rows, columns, kh, kw): no number is copied."""
    n, c, h, w = images.shape
    rows = (h - kernel[0]) // stride[0] + 1
    columns = (w - kernel[1]) // stride[1] + 1
    if rows <= 0 or columns <= 0:
        raise ValueError(f"kernel {kernel} is larger than the padded image ({h}, {w})")
    a, b, down, right = images.strides
    steps = (a, b, down * stride[0], right * stride[1], down, right)
    return as_strided(images, (n, c, rows, columns, *kernel), steps, writeable=False)


def correlate(images: np.ndarray, kernels: np.ndarray, stride: Pair) -> np.ndarray:
    seen = patches(images, kernels.shape[2:], stride)
    return np.moveaxis(np.tensordot(seen, kernels, axes=([1, 4, 5], [1, 2, 3])), 3, 1)


def dilated(g: np.ndarray, stride: Pair, rest: Pair) -> np.ndarray:
    """Put zeros between the entries of g, and as many at the end as no window reached."""
    n, c, rows, columns = g.shape
    height = (rows - 1) * stride[0] + 1 + rest[0]
    width = (columns - 1) * stride[1] + 1 + rest[1]
    result = np.zeros((n, c, height, width), dtype=np.float32)
    last = height - rest[0], width - rest[1]
    result[:, :, : last[0] : stride[0], : last[1] : stride[1]] = g
    return result


class Conv2d(Layer):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Pair,
                 stride: int | Pair = 1, padding: int | Pair = 0, bias: bool = True) -> None:
        self.stride, self.padding = pair(stride), pair(padding)
        shape = (out_channels, in_channels, *pair(kernel_size))
        std = math.sqrt(2.0 / math.prod(shape[1:]))
        self.weight = Tensor(np.random.normal(scale=std, size=shape), requires_grad=True)
        self.bias: Tensor | None = None
        if bias:
            self.bias = Tensor(np.zeros(out_channels), requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        if len(x.shape) != 4:
            raise ValueError(f"images have 4 axes, these have {len(x.shape)}")
        kernels, stride = self.weight.data, self.stride
        if x.shape[1] != kernels.shape[1]:
            raise ValueError(f"made for {kernels.shape[1]} channels, these have {x.shape[1]}")
        images = bordered(x.data, self.padding)
        kernel: Pair = kernels.shape[2:]
        out = correlate(images, kernels, stride)
        if self.bias is not None:
            out = out + self.bias.data[None, :, None, None]
        rest = ((images.shape[2] - kernel[0]) % stride[0], (images.shape[3] - kernel[1]) % stride[1])

        def to_input(g: np.ndarray) -> np.ndarray:
            spread = bordered(dilated(g, stride, rest), (kernel[0] - 1, kernel[1] - 1))
            turned = kernels[:, :, ::-1, ::-1].swapaxes(0, 1)
            full = correlate(spread, turned, (1, 1))
            top, left = self.padding
            return full[:, :, top : top + x.shape[2], left : left + x.shape[3]]

        def to_weight(g: np.ndarray) -> np.ndarray:
            seen = patches(images, kernel, stride)
            return np.tensordot(g, seen, axes=([0, 2, 3], [0, 2, 3]))

        edges = [(x, to_input), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: g.sum(axis=(0, 2, 3))))
        return Tensor.from_op(out, *edges)

    def parameters(self) -> list[Tensor]:
        return [p for p in (self.weight, self.bias) if p is not None]


class Pooling(Layer):
    def __init__(self, kernel_size: int | Pair, stride: int | Pair | None = None,
                 padding: int | Pair = 0) -> None:
        self.kernel = pair(kernel_size)
        self.stride = self.kernel if stride is None else pair(stride)
        self.padding = pair(padding)

    def unfold(self, x: Tensor, border: float) -> np.ndarray:
        if len(x.shape) != 4:
            raise ValueError(f"images have 4 axes, these have {len(x.shape)}")
        return patches(bordered(x.data, self.padding, border), self.kernel, self.stride)

    def fold(self, shares: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Add shares (N, C, rows, columns, kh, kw) to the pixels they belong to."""
        (top, left), (down, right) = self.padding, self.stride
        total = bordered(np.zeros(shape, np.float32), self.padding)
        rows, columns = shares.shape[2:4]
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                view = total[:, :, i::down, j::right][:, :, :rows, :columns]
                view += shares[..., i, j]
        return total[:, :, top : top + shape[2], left : left + shape[3]]


class MaxPool2d(Pooling):
    def forward(self, x: Tensor) -> Tensor:
        seen = self.unfold(x, -np.inf)
        best = np.amax(seen, axis=(-2, -1), keepdims=True)

        def to_input(g: np.ndarray) -> np.ndarray:
            winners = np.equal(seen, best)
            shares = winners / np.count_nonzero(winners, axis=(-2, -1), keepdims=True)
            return self.fold(shares * g[..., None, None], x.shape)

        return Tensor.from_op(best[..., 0, 0], (x, to_input))


class AvgPool2d(Pooling):
    def forward(self, x: Tensor) -> Tensor:
        seen = self.unfold(x, 0.0)
        area = self.kernel[0] * self.kernel[1]

        def to_input(g: np.ndarray) -> np.ndarray:
            return self.fold(np.broadcast_to(g[..., None, None] / area, seen.shape), x.shape)

        return Tensor.from_op(seen.sum(axis=(-2, -1)) / area, (x, to_input))


class BatchNorm2d(Layer):
    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.eps, self.momentum, self.training = eps, momentum, True
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = np.zeros(num_features, np.float32)
        self.running_var = np.ones(num_features, np.float32)

    def train(self) -> None:
        self.training = True

    def eval(self) -> None:
        self.training = False

    def parameters(self) -> list[Tensor]:
        return [self.gamma, self.beta]

    def forward(self, x: Tensor) -> Tensor:
        if len(x.shape) != 4 or x.shape[1] != self.gamma.size:
            raise ValueError(f"expected (N, {self.gamma.size}, H, W), got {x.shape}")
        return self.batch_mode(x) if self.training else self.frozen_mode(x)

    def frozen_mode(self, x: Tensor) -> Tensor:
        """A straight line per channel: scale * x + shift, with constants from earlier batches."""
        inverse = 1 / np.sqrt(self.running_var + self.eps)
        normal = (x - self.running_mean[:, None, None]) * inverse[:, None, None]
        return normal * self.gamma.reshape(-1, 1, 1) + self.beta.reshape(-1, 1, 1)

    def batch_mode(self, x: Tensor) -> Tensor:
        rows = np.moveaxis(x.data, 1, 0).reshape(x.shape[1], -1)
        mean, var = rows.mean(axis=1, keepdims=True), rows.var(axis=1, keepdims=True)
        self.running_mean += self.momentum * (mean[:, 0] - self.running_mean)
        self.running_var += self.momentum * (var[:, 0] - self.running_var)
        inverse = 1 / np.sqrt(var + self.eps)
        normal = (rows - mean) * inverse
        gamma, beta = self.gamma.data[:, None], self.beta.data[:, None]

        def rowwise(g: np.ndarray) -> np.ndarray:
            return np.moveaxis(g, 1, 0).reshape(x.shape[1], -1)

        def imagewise(values: np.ndarray) -> np.ndarray:
            n, c, h, w = x.shape
            return np.moveaxis(values.reshape(c, n, h, w), 0, 1)

        def to_input(g: np.ndarray) -> np.ndarray:
            d = rowwise(g) * gamma  # the formula of the paper's appendix, in three steps
            d_var = (d * (rows - mean)).sum(axis=1, keepdims=True) * -0.5 * inverse**3
            d_mean = -(d * inverse).sum(axis=1, keepdims=True)
            count = rows.shape[1]
            return imagewise(d * inverse + d_var * 2 * (rows - mean) / count + d_mean / count)

        return Tensor.from_op(
            imagewise(normal * gamma + beta),
            (x, to_input),
            (self.gamma, lambda g: (rowwise(g) * normal).sum(axis=1)),
            (self.beta, lambda g: rowwise(g).sum(axis=1)),
        )
