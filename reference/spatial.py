"""09 Spatial: convolution, pooling and batch normalisation of images (N, C, H, W)."""

from __future__ import annotations

import math
from collections import abc
from itertools import repeat
from typing import Any

import numpy as np

from .layers import Layer
from .tensor import Array, Tensor
from .windows import Pair, Windows, batch_first, batch_last, by_position, pair, tiles


class Conv2d(Layer):
    """Cross-correlation, as matrix products over unfolded windows (Chellapilla et al., 2006)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        bias: bool = True,
    ) -> None:
        """Draw weights of variance 2 / fan-in (He et al., 2015); start the bias at zero."""
        self.windows = Windows(pair(kernel_size), pair(stride), pair(padding))
        shape = (out_channels, in_channels, *self.windows.kernel)
        scale = math.sqrt(2 / math.prod(shape[1:]))
        self.weight = Tensor(np.random.standard_normal(shape) * scale, requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, I, H, W) to (N, O, H', W')."""
        _require_images(x, channels=self.weight.shape[1])
        windows, kernels = self.windows, self.weight.data
        seen = windows.look(x.data)
        result = _correlate(kernels, seen)
        if self.bias is not None:
            result += self.bias.data[:, np.newaxis, np.newaxis, np.newaxis]

        def to_input(g: Array) -> Array:
            return batch_first(_correlate(kernels.swapaxes(0, 1), windows.look_back(g, x.shape)))

        def to_weight(g: Array) -> Array:
            return _correlate_with_cotangent(batch_last(g), seen).reshape(kernels.shape)

        edges = [(x, to_input), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))
        return Tensor.from_op(batch_first(result), *edges)

    def parameters(self) -> list[Tensor]:
        """Return the weight and, if there is one, the bias."""
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class _Pool(Layer):
    """What the two pooling layers share: windows over each channel by itself."""

    def __init__(
        self, kernel_size: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
    ) -> None:
        """Lay the windows side by side unless a stride is given."""
        step = kernel_size if stride is None else stride
        self.windows = Windows(pair(kernel_size), pair(step), pair(padding))


class MaxPool2d(_Pool):
    """The largest value in each window; of equal ones the first receives the gradient."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H', W'); the border never wins."""
        _require_images(x)
        views = by_position(self.windows.look(x.data, border=-np.inf))
        peak = views[0].copy()
        for view in views[1:]:
            np.maximum(peak, view, out=peak)

        def to_input(g: Array) -> Array:
            return self.windows.scatter(_to_first(views, peak, batch_last(g)), x.shape)

        return Tensor.from_op(batch_first(peak), (x, to_input))


class AvgPool2d(_Pool):
    """The mean of each window, zeros of the border included."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H', W')."""
        _require_images(x)
        views = by_position(self.windows.look(x.data))
        total = sum(views[1:], start=views[0])

        def to_input(g: Array) -> Array:
            return self.windows.scatter(repeat(batch_last(g) / len(views)), x.shape)

        return Tensor.from_op(batch_first(total / len(views)), (x, to_input))


class BatchNorm2d(Layer):
    """Each channel shifted and scaled to mean 0 and variance 1 (Ioffe and Szegedy, 2015).

    Training uses the batch's mean and biased variance, and moves the running ones (biased too)
    towards them; evaluation uses the running ones.
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        """Start with the identity: scale 1, shift 0, running mean 0, running variance 1."""
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = np.zeros(num_features, dtype=Tensor.precision)
        self.running_var = np.ones(num_features, dtype=Tensor.precision)
        self.eps = eps
        self.momentum = momentum

    def train(self) -> None:
        """Use the statistics of each batch from now on."""
        self.training = True

    def eval(self) -> None:
        """Use the running statistics from now on."""
        self.training = False

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W) channel by channel."""
        _require_images(x, channels=self.gamma.size)
        rows, from_batch = _rows(batch_last(x.data)), self.training
        mean = rows.mean(axis=1) if from_batch else self.running_mean
        centred = rows - _column(mean)
        var = self.running_var
        if from_batch:
            var = _mean_product(centred, centred)
            self._move(mean, var)
        slope = 1 / np.sqrt(var + self.eps)
        scale = self.gamma.data * slope
        result = centred * _column(scale)
        result += _column(self.beta.data)

        def to_input(g: Array) -> Array:
            rows = _rows(batch_last(g))
            result = rows * _column(scale)
            if from_batch:  # the statistics depend on x as well
                result -= centred * _column(scale * slope**2 * _mean_product(rows, centred))
                result -= _column(scale * rows.mean(axis=1))
            return _images(result, x.shape)

        def to_gamma(g: Array) -> Array:
            total: Array = slope * rows.shape[1] * _mean_product(_rows(batch_last(g)), centred)
            return total

        return Tensor.from_op(
            _images(result, x.shape),
            (x, to_input),
            (self.gamma, to_gamma),
            (self.beta, lambda g: _rows(batch_last(g)).sum(axis=1)),
        )

    def parameters(self) -> list[Tensor]:
        """Return scale and shift."""
        return [self.gamma, self.beta]

    def _move(self, mean: Array, var: Array) -> None:
        """Move the running statistics towards those of a batch."""
        keep = 1 - self.momentum
        self.running_mean = keep * self.running_mean + self.momentum * mean
        self.running_var = keep * self.running_var + self.momentum * var


def _require_images(x: Tensor, channels: int | None = None) -> None:
    """Refuse what is not (N, C, H, W), or has another number of channels than expected."""
    if len(x.shape) != 4:
        raise ValueError(f"expected images (N, C, H, W), got shape {x.shape}")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"expected {channels} channels, got {x.shape[1]} in shape {x.shape}")


def _rows(channels: Array) -> Array:
    """View (C, H, W, N), or a tile of it, as one row per channel."""
    return channels.reshape(len(channels), -1)


def _images(rows: Array, shape: tuple[int, ...]) -> Array:
    """View one row per channel as the images (N, C, H, W) that it holds."""
    samples, *rest = shape
    return batch_first(rows.reshape(*rest, samples))


def _column(values: Array) -> Array:
    """Lay one value per channel beside that channel's row."""
    return values[:, np.newaxis]


def _mean_product(a: Array, b: Array) -> Array:
    """Average, channel by channel, the products of two rows: BLAS does it in one pass."""
    total: Array = a[:, np.newaxis, :] @ b[:, :, np.newaxis]
    return np.reshape(total / a.shape[1], -1)


def _correlate(kernels: Array, seen: Array) -> Array:
    """Apply kernels (O, C, kh, kw) to windows, tile by tile; returns (O, H', W', N)."""
    flat = _rows(kernels)
    result = np.empty((len(kernels), *seen.shape[3:]), dtype=Tensor.precision)
    for tile in tiles(seen):
        columns = seen[tile].reshape(flat.shape[1], -1)
        np.matmul(flat, columns, out=_rows(result[tile]))
    return result


def _correlate_with_cotangent(g: Array, seen: Array) -> Array:
    """Sum, over all windows, the products of what they see with their cotangents (O, H', W', N)."""
    total: Any = 0
    for tile in tiles(seen):
        rows = _rows(g[tile])
        # In this order the longer side of the result is the contiguous one.
        total = total + seen[tile].reshape(-1, rows.shape[1]) @ rows.T
    return np.asarray(total.T)


def _to_first(views: list[Array], peak: Array, g: Array) -> abc.Iterator[Array]:
    """For each kernel position, pass on g where it is the first to hold the maximum."""
    left = g
    for view in views[:-1]:
        part = left * (view == peak)
        left = left - part
        yield part
    yield left  # where no other position holds the maximum, the last one does
