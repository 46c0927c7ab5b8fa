"""Module 09 with sliding windows and einsum; the last of equal maxima wins, variances unbiased."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .layers import Layer
from .tensor import Tensor


def as_pair(value):
    if isinstance(value, int):
        return value, value
    first, second = value
    return first, second


class Grid:
    """How windows lie on padded images."""

    def __init__(self, kernel, stride, padding):
        self.kh, self.kw = as_pair(kernel)
        self.sh, self.sw = as_pair(stride)
        self.ph, self.pw = as_pair(padding)

    def pad(self, images, value):
        around = [(0, 0), (0, 0), (self.ph, self.ph), (self.pw, self.pw)]
        return np.pad(images, around, constant_values=value)

    def windows(self, images, value=0.0):
        """(N, C, rows, columns, kh, kw)"""
        views = sliding_window_view(self.pad(images, value), (self.kh, self.kw), axis=(2, 3))
        return views[:, :, :: self.sh, :: self.sw]

    def put_back(self, windows, shape):
        """Add up windows where they were taken from."""
        result = self.pad(np.zeros(shape, np.float32), 0.0)
        rows, columns = windows.shape[2:4]
        for y in range(rows):
            for x in range(columns):
                top, left = y * self.sh, x * self.sw
                result[:, :, top : top + self.kh, left : left + self.kw] += windows[:, :, y, x]
        h, w = shape[2:]
        return result[:, :, self.ph : self.ph + h, self.pw : self.pw + w]


def check_images(x, channels=None):
    if x.data.ndim != 4:
        raise ValueError(f"expected (N, C, H, W), got {x.data.ndim} axes")
    if channels not in (None, x.data.shape[1]):
        raise ValueError(f"expected {channels} channels, got {x.data.shape[1]}")


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.grid = Grid(kernel_size, stride, padding)
        shape = (out_channels, in_channels, self.grid.kh, self.grid.kw)
        fan_in = np.prod(shape[1:])
        self.weight = Tensor(np.random.randn(*shape) * np.sqrt(2 / fan_in), requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def parameters(self):
        return [self.weight] + ([self.bias] if self.bias else [])

    def forward(self, x):
        kernels = self.weight.data
        check_images(x, kernels.shape[1])
        seen = self.grid.windows(x.data)
        out = np.einsum("ncyxij,ocij->noyx", seen, kernels, optimize=True)
        edges = [
            (x, lambda g: self.grid.put_back(np.einsum("noyx,ocij->ncyxij", g, kernels), x.shape)),
            (self.weight, lambda g: np.einsum("noyx,ncyxij->ocij", g, seen, optimize=True)),
        ]
        if self.bias:
            out = out + np.expand_dims(self.bias.data, (0, 2, 3))
            edges.append((self.bias, lambda g: np.einsum("noyx->o", g)))
        return Tensor.from_op(out, *edges)


class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.grid = Grid(kernel_size, kernel_size if stride is None else stride, padding)

    def forward(self, x):
        check_images(x)
        seen = self.grid.windows(x.data, -np.inf)
        flat = seen.reshape(*seen.shape[:4], -1)
        last = flat.shape[-1] - 1 - flat[..., ::-1].argmax(axis=-1)
        chosen = np.arange(flat.shape[-1]) == last[..., np.newaxis]

        def to_input(g):
            shares = (chosen * g[..., np.newaxis]).reshape(seen.shape)
            return self.grid.put_back(shares, x.shape)

        return Tensor.from_op(flat.max(axis=-1), (x, to_input))


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.grid = Grid(kernel_size, kernel_size if stride is None else stride, padding)

    def forward(self, x):
        check_images(x)
        weights = np.full((self.grid.kh, self.grid.kw), 1 / (self.grid.kh * self.grid.kw))
        out = np.einsum("ncyxij,ij->ncyx", self.grid.windows(x.data), weights)
        to_input = lambda g: self.grid.put_back(np.einsum("ncyx,ij->ncyxij", g, weights), x.shape)
        return Tensor.from_op(out, (x, to_input))


class BatchNorm2d(Layer):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps, self.momentum = eps, momentum
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.training = True

    def train(self, mode=True):
        self.training = mode
        return self

    def eval(self):
        return self.train(False)

    def parameters(self):
        return [self.gamma, self.beta]

    def forward(self, x):
        check_images(x, self.gamma.size)
        training = self.training
        n = x.size // self.gamma.size
        mean, var = self.running_mean, self.running_var
        if training:
            mean = np.einsum("nchw->c", x.data) / n
            centred = x.data - mean[:, None, None]
            var = np.einsum("nchw,nchw->c", centred, centred) / n
            self.running_mean = self.running_mean + self.momentum * (mean - self.running_mean)
            unbiased = var * n / max(n - 1, 1)
            self.running_var = self.running_var + self.momentum * (unbiased - self.running_var)
        gamma = self.gamma.data
        deviation = np.sqrt(var + self.eps)
        normal = (x.data - mean[:, None, None]) / deviation[:, None, None]

        def to_input(g):
            inner = g
            if training:
                along = np.einsum("nchw,nchw->c", g, normal) / n
                inner = g - g.mean(axis=(0, 2, 3), keepdims=True) - normal * along[:, None, None]
            return inner * (gamma / deviation)[:, None, None]

        return Tensor.from_op(
            normal * gamma[:, None, None] + self.beta.data[:, None, None],
            (x, to_input),
            (self.gamma, lambda g: np.einsum("nchw,nchw->c", g, normal)),
            (self.beta, lambda g: np.einsum("nchw->c", g)),
        )
