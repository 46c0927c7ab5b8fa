"""09 Spatial: convolution, pooling and batch normalisation of images (N, C, H, W)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from .layers import Layer
from .tensor import Array, Tensor
from .windows import Pair, Windows, batch_first, batch_last, pair

PER_CHANNEL = (0, 2, 3)  # the axes that a statistic of a channel runs over


class Conv2d(Layer):
    """Cross-correlation, as one matrix product over unfolded windows (Chellapilla et al., 2006)."""

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
        columns = _columns(windows.views(x.data))
        flat = kernels.reshape(len(kernels), -1)
        unfolded = columns.reshape(flat.shape[1], -1)
        result = (flat @ unfolded).reshape(len(kernels), *columns.shape[2:])
        if self.bias is not None:
            result += self.bias.data[:, np.newaxis, np.newaxis, np.newaxis]

        def to_input(g: Array) -> Array:
            parts = (flat.T @ _rows(g)).reshape(columns.shape)
            return windows.scatter(parts.swapaxes(0, 1), x.shape)

        def to_weight(g: Array) -> Array:
            return np.reshape(_rows(g) @ unfolded.T, kernels.shape)

        edges = [(x, to_input), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: g.sum(axis=PER_CHANNEL)))
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
        views = self.windows.views(x.data, border=-np.inf)
        peak = views[0].copy()
        for view in views[1:]:
            np.maximum(peak, view, out=peak)

        def to_input(g: Array) -> Array:
            parts = (batch_last(g) * wins for wins in _first_equal(views, peak))
            return self.windows.scatter(parts, x.shape)

        return Tensor.from_op(batch_first(peak), (x, to_input))


class AvgPool2d(_Pool):
    """The mean of each window, zeros of the border included."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H', W')."""
        _require_images(x)
        views = self.windows.views(x.data)
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
        from_batch = self.training
        mean, var = self._update(x.data) if from_batch else (self.running_mean, self.running_var)
        slope = 1 / np.sqrt(_channels(var) + self.eps)
        normal = (x.data - _channels(mean)) * slope
        scale = _channels(self.gamma.data)

        def to_input(g: Array) -> Array:
            g = g * scale
            if from_batch:  # the statistics depend on x as well
                drift = (g * normal).mean(axis=PER_CHANNEL, keepdims=True)
                g = g - g.mean(axis=PER_CHANNEL, keepdims=True) - normal * drift
            return g * slope

        return Tensor.from_op(
            normal * scale + _channels(self.beta.data),
            (x, to_input),
            (self.gamma, lambda g: (g * normal).sum(axis=PER_CHANNEL)),
            (self.beta, lambda g: g.sum(axis=PER_CHANNEL)),
        )

    def parameters(self) -> list[Tensor]:
        """Return scale and shift."""
        return [self.gamma, self.beta]

    def _update(self, images: Array) -> tuple[Array, Array]:
        """Return the batch's mean and variance, after moving the running ones towards them."""
        mean = images.mean(axis=PER_CHANNEL)
        centred = images - _channels(mean)
        var = (centred * centred).mean(axis=PER_CHANNEL)
        keep = 1 - self.momentum
        self.running_mean = keep * self.running_mean + self.momentum * mean
        self.running_var = keep * self.running_var + self.momentum * var
        return mean, var


def _require_images(x: Tensor, channels: int | None = None) -> None:
    """Refuse what is not (N, C, H, W), or has another number of channels than expected."""
    if len(x.shape) != 4:
        raise ValueError(f"expected images (N, C, H, W), got shape {x.shape}")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"expected {channels} channels, got {x.shape[1]} in shape {x.shape}")


def _channels(values: Array) -> Array:
    """Lay one value per channel along the second of four axes."""
    return values[:, np.newaxis, np.newaxis]


def _columns(views: list[Array]) -> Array:
    """Gather what each kernel position sees: (C, kernel positions, H', W', N)."""
    channels, *rest = views[0].shape
    columns = np.empty((channels, len(views), *rest), dtype=Tensor.precision)
    return np.stack(views, axis=1, out=columns)


def _rows(g: Array) -> Array:
    """Write (N, O, H', W') as one row per channel, in the order of `_columns`."""
    return batch_last(g).reshape(g.shape[1], -1)


def _first_equal(views: list[Array], peak: Array) -> Iterator[Array]:
    """For each kernel position, tell in which windows it is the first to hold the maximum."""
    unclaimed = np.ones(peak.shape, dtype=bool)
    for view in views:
        wins = unclaimed & (view == peak)
        unclaimed &= ~wins
        yield wins
