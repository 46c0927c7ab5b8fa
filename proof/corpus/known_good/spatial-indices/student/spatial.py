"""Module 09: im2col by index arrays and np.add.at back; running statistics are Tensors (1, C, 1, 1)."""

import numpy as np

from .layers import Layer
from .tensor import Tensor


def two(value):
    return (value, value) if np.isscalar(value) else tuple(value)


def out_size(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // stride + 1


def window_indices(shape, kernel, stride, padding):
    """For every place in the kernel (rows) and every window (columns), its row and column.

    Returns two arrays of shape (kh * kw, windows) into the padded image, and the output's size.
    """
    rows = out_size(shape[2], kernel[0], stride[0], padding[0])
    columns = out_size(shape[3], kernel[1], stride[1], padding[1])
    if rows < 1 or columns < 1:
        raise ValueError(f"a kernel {kernel} does not fit into images {shape}")
    i, j, y, x = np.indices((*kernel, rows, columns))
    down = (i + stride[0] * y).reshape(kernel[0] * kernel[1], -1)
    right = (j + stride[1] * x).reshape(kernel[0] * kernel[1], -1)
    return down, right, (rows, columns)


def pad(images, padding, value=0.0):
    n, c, h, w = images.shape
    padded = np.full((n, c, h + 2 * padding[0], w + 2 * padding[1]), value, dtype=np.float32)
    padded[:, :, padding[0] : padding[0] + h, padding[1] : padding[1] + w] = images
    return padded


def col2im(columns, down, right, shape, padding):
    """Columns (N, C, kh * kw, windows) back to images, adding where windows overlap."""
    n, c, h, w = shape
    padded = np.zeros((n, c, h + 2 * padding[0], w + 2 * padding[1]), dtype=np.float32)
    np.add.at(padded, (slice(None), slice(None), down, right), columns)
    return padded[:, :, padding[0] : padding[0] + h, padding[1] : padding[1] + w]


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel, self.stride, self.padding = two(kernel_size), two(stride), two(padding)
        fan_in = in_channels * self.kernel[0] * self.kernel[1]
        bound = np.sqrt(6.0 / fan_in)  # uniform with He's variance 2 / fan_in
        start = np.random.uniform(-bound, bound, (out_channels, in_channels, *self.kernel))
        self.weight = Tensor(start, requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def forward(self, x):
        if len(x.shape) != 4 or x.shape[1] != self.in_channels:
            raise ValueError(f"Conv2d got {x.shape}, not (N, {self.in_channels}, H, W)")
        down, right, size = window_indices(x.shape, self.kernel, self.stride, self.padding)
        n = x.shape[0]
        # (N, C, k, windows) -> (C * k, N * windows): one column for each window
        taken = pad(x.data, self.padding)[:, :, down, right]
        columns = taken.transpose(1, 2, 0, 3).reshape(-1, n * down.shape[1])
        matrix = self.weight.data.reshape(self.out_channels, -1)
        result = (matrix @ columns).reshape(self.out_channels, n, *size).swapaxes(0, 1)
        if self.bias is not None:
            result = result + self.bias.data.reshape(-1, 1, 1)

        def flat(g):
            return g.swapaxes(0, 1).reshape(self.out_channels, -1)

        def to_input(g):
            spread = (matrix.T @ flat(g)).reshape(self.in_channels, -1, n, down.shape[1])
            return col2im(spread.transpose(2, 0, 1, 3), down, right, x.shape, self.padding)

        def to_weight(g):
            return (flat(g) @ columns.T).reshape(self.weight.shape)

        edges = [(x, to_input), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: flat(g).sum(axis=1)))
        return Tensor.from_op(result, *edges)

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class Pool2d(Layer):
    border = 0.0

    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel = two(kernel_size)
        self.stride = self.kernel if stride is None else two(stride)
        self.padding = two(padding)

    def forward(self, x):
        if len(x.shape) != 4:
            raise ValueError(f"pooling needs four axes, not {x.shape}")
        down, right, size = window_indices(x.shape, self.kernel, self.stride, self.padding)
        taken = pad(x.data, self.padding, self.border)[:, :, down, right]
        values, shares = self.choose(taken)

        def to_input(g):
            columns = shares * g.reshape(*x.shape[:2], 1, -1)
            return col2im(columns, down, right, x.shape, self.padding)

        return Tensor.from_op(values.reshape(*x.shape[:2], *size), (x, to_input))


class MaxPool2d(Pool2d):
    border = -np.inf

    def choose(self, taken):
        """The maxima, and a 1 at the first place of each."""
        first = taken.argmax(axis=2, keepdims=True)
        shares = np.zeros_like(taken)
        np.put_along_axis(shares, first, 1.0, axis=2)
        return np.take_along_axis(taken, first, axis=2), shares


class AvgPool2d(Pool2d):
    def choose(self, taken):
        return taken.mean(axis=2), 1.0 / taken.shape[2]


class BatchNorm2d(Layer):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = Tensor(np.zeros((1, num_features, 1, 1)))
        self.running_var = Tensor(np.ones((1, num_features, 1, 1)))
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def parameters(self):
        return [self.gamma, self.beta]

    def forward(self, x):
        """Made of tensor operations, so autograd differentiates through mean and variance."""
        if len(x.shape) != 4 or x.shape[1] != self.num_features:
            raise ValueError(f"BatchNorm2d got {x.shape}, not (N, {self.num_features}, H, W)")
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean = x.mean(axis=(0, 2, 3), keepdims=True)
            var = ((x - mean) * (x - mean)).mean(axis=(0, 2, 3), keepdims=True)
            self.remember(mean.data, var.data)
        gamma = self.gamma.reshape(1, -1, 1, 1)
        beta = self.beta.reshape(1, -1, 1, 1)
        return (x - mean) / (var + self.eps) ** 0.5 * gamma + beta

    def remember(self, mean, var):
        keep = 1 - self.momentum
        self.running_mean = Tensor(keep * self.running_mean.data + self.momentum * mean)
        self.running_var = Tensor(keep * self.running_var.data + self.momentum * var)
