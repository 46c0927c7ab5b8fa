"""Module 09: convolution, pooling and batch norm, with every loop written out."""

import math

import numpy as np

from .layers import Layer, random_normal
from .tensor import Tensor, as_array, record


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def need_images(x, channels=None):
    """Refuse what is not (N, C, H, W) with the right C."""
    if x.data.ndim != 4:
        raise ValueError(f"expected (N, C, H, W), got shape {x.shape}")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"expected {channels} channels, got shape {x.shape}")


def add_border(array, padding, value=0.0):
    border = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
    return np.pad(array, border, constant_values=value)


def cut_border(array, padding):
    height, width = array.shape[2:]
    return array[:, :, padding : height - padding, padding : width - padding]


def output_size(padded_shape, kernel, stride):
    """Rows and columns of windows that fit; stride is a pair."""
    rows = (padded_shape[2] - kernel[0]) // stride[0] + 1
    columns = (padded_shape[3] - kernel[1]) // stride[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError(f"kernel {kernel} does not fit into {padded_shape[2:]}")
    return rows, columns


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.kernel = pair(kernel_size)
        self.stride = stride
        self.padding = padding
        self.in_channels = in_channels
        shape = (out_channels, in_channels, *self.kernel)
        std = math.sqrt(2 / math.prod(shape[1:]))
        self.weight = Tensor(random_normal(shape, std), requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]

    def forward(self, x):
        need_images(x, self.in_channels)
        padded = add_border(x.data, self.padding)
        size = output_size(padded.shape, self.kernel, pair(self.stride))
        result = convolve(padded, self.weight.data, self.stride, size)
        if self.bias is not None:
            for o in range(result.shape[1]):
                result[:, o] += self.bias.data[o]

        def push(g):
            grad_x, grad_w = convolve_back(padded, self.weight.data, self.stride, g)
            return cut_border(grad_x, self.padding), grad_w, g.sum(axis=(0, 2, 3))

        return record(result, (x, *self.parameters()), push)


def convolve(x, w, stride, size):
    """Seven loops: image, output channel, row, column, input channel, kernel place."""
    images, filters, numbers, weights = len(x), len(w), x.tolist(), w.tolist()
    result = np.zeros((images, filters, *size), dtype=np.float32)
    for n in range(images):
        for o in range(filters):
            for r in range(size[0]):
                for c in range(size[1]):
                    total = 0.0
                    for i in range(w.shape[1]):
                        for kr in range(w.shape[2]):
                            line = numbers[n][i][r * stride + kr]
                            for kc in range(w.shape[3]):
                                total += line[c * stride + kc] * weights[o][i][kr][kc]
                    result[n, o, r, c] = total
    return result


def convolve_back(x, w, stride, g):
    """The same seven loops; every product gives to its pixel and to its weight."""
    numbers, weights, incoming = x.tolist(), w.tolist(), g.tolist()
    grad_x, grad_w = np.zeros(x.shape).tolist(), np.zeros(w.shape).tolist()
    for n in range(g.shape[0]):
        for o in range(g.shape[1]):
            for r in range(g.shape[2]):
                for c in range(g.shape[3]):
                    share = incoming[n][o][r][c]
                    for i in range(w.shape[1]):
                        for kr in range(w.shape[2]):
                            row = r * stride + kr
                            for kc in range(w.shape[3]):
                                column = c * stride + kc
                                grad_x[n][i][row][column] += share * weights[o][i][kr][kc]
                                grad_w[o][i][kr][kc] += share * numbers[n][i][row][column]
    return np.array(grad_x, dtype=np.float32), np.array(grad_w, dtype=np.float32)


class Pool(Layer):
    """Common part of the pools: what to fill the border with, how to walk."""

    fill = 0.0

    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel = pair(kernel_size)
        self.stride = self.kernel if stride is None else pair(stride)
        self.padding = padding

    def forward(self, x):
        need_images(x)
        padded = add_border(x.data, self.padding, self.fill)
        size = output_size(padded.shape, self.kernel, self.stride)
        result = np.zeros((*x.shape[:2], *size), dtype=np.float32)
        for place in np.ndindex(*result.shape):
            result[place] = self.reduce([padded[spot] for spot in self.window(place)])

        def push(g):
            grad = np.zeros_like(padded)
            for place in np.ndindex(*g.shape):
                self.share(grad, padded, self.window(place), g[place])
            return (cut_border(grad, self.padding),)

        return record(result, (x,), push)

    def window(self, place):
        """Indices of the padded pixels that an output pixel looks at."""
        n, channel, r, c = place
        top, left = r * self.stride[0], c * self.stride[1]
        spots = []
        for kr in range(self.kernel[0]):
            for kc in range(self.kernel[1]):
                spots.append((n, channel, top + kr, left + kc))
        return spots


class MaxPool2d(Pool):
    fill = -np.inf

    def reduce(self, values):
        return max(values)

    def share(self, grad, padded, spots, g):
        best = spots[0]
        for spot in spots:
            if padded[spot] >= padded[best]:  # the last one wins a tie
                best = spot
        grad[best] += g


class AvgPool2d(Pool):
    def reduce(self, values):
        return sum(values) / len(values)

    def share(self, grad, padded, spots, g):
        for spot in spots:
            grad[spot] += g / len(spots)


class BatchNorm2d(Layer):
    """Ioffe and Szegedy, 2015, one channel after the other."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps = eps
        self.momentum = momentum
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = Tensor(np.zeros(num_features))
        self.running_var = Tensor(np.ones(num_features))
        self.training = True

    def parameters(self):
        return [self.gamma, self.beta]

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        need_images(x, self.gamma.size)
        mean, var = self.statistics(x.data)
        scale = 1 / np.sqrt(var + self.eps)
        normal = np.zeros_like(x.data)
        result = np.zeros_like(x.data)
        for c in range(x.shape[1]):
            normal[:, c] = (x.data[:, c] - mean[c]) * scale[c]
            result[:, c] = self.gamma.data[c] * normal[:, c] + self.beta.data[c]
        gamma, depends = self.gamma.data.copy(), self.training

        def push(g):
            grad_x = np.zeros_like(normal)
            for c in range(g.shape[1]):
                inner = g[:, c]
                if depends:  # mean and variance move with x
                    along = normal[:, c] * (inner * normal[:, c]).mean()
                    inner = inner - inner.mean() - along
                grad_x[:, c] = gamma[c] * scale[c] * inner
            return grad_x, (g * normal).sum(axis=(0, 2, 3)), g.sum(axis=(0, 2, 3))

        return record(result, (x, self.gamma, self.beta), push)

    def statistics(self, array):
        """Mean and variance to normalise with; training also moves the running ones."""
        if not self.training:
            return as_array(self.running_mean), as_array(self.running_var)
        mean, var = array.mean(axis=(0, 2, 3)), array.var(axis=(0, 2, 3))
        keep = 1 - self.momentum
        self.running_mean = Tensor(keep * as_array(self.running_mean) + self.momentum * mean)
        self.running_var = Tensor(keep * as_array(self.running_var) + self.momentum * var)
        return mean, var
