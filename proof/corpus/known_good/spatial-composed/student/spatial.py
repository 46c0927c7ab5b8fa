"""Module 09 without a single gradient of its own: only Tensor operations, so autograd does the rest."""

import numpy as np

from .layers import Layer
from .tensor import Tensor

# A beginner's solution: slow for large images, but there is nothing to get wrong in backward.


def make_pair(value):
    if isinstance(value, (tuple, list)):
        return int(value[0]), int(value[1])
    return int(value), int(value)


def pad(x, padding):
    """Zeros around images: a matrix from the left adds rows, one from the right adds columns."""
    height, width = x.shape[2:]
    taller = np.eye(height + 2 * padding[0], height, -padding[0])
    wider = np.eye(width, width + 2 * padding[1], padding[1])
    return Tensor(taller) @ x @ Tensor(wider)


def border(x, padding, value):
    """A constant image that is `value` on the border and 0 inside."""
    height, width = x.shape[2:]
    result = np.full((height + 2 * padding[0], width + 2 * padding[1]), value)
    result[padding[0] : padding[0] + height, padding[1] : padding[1] + width] = 0.0
    return Tensor(result)


def unfold(images, kernel, stride):
    """Windows as rows: (N, C, windows, kh * kw), and how many windows fit each way."""
    height, width = images.shape[-2:]
    rows = (height - kernel[0]) // stride[0] + 1
    columns = (width - kernel[1]) // stride[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the kernel is larger than the image")
    numbers = np.arange(height * width).reshape(height, width)
    windows = [
        numbers[top : top + kernel[0], left : left + kernel[1]].ravel()
        for top in range(0, rows * stride[0], stride[0])
        for left in range(0, columns * stride[1], stride[1])
    ]
    flat = images.reshape(images.shape[0], images.shape[1], height * width)
    return flat[:, :, np.array(windows)], (rows, columns)


def check(x, channels=None):
    if len(x.shape) != 4:
        raise ValueError("I need 4 axes: batch, channels, height, width")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"I need {channels} channels, not {x.shape[1]}")


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = make_pair(kernel_size)
        self.stride = make_pair(stride)
        self.padding = make_pair(padding)
        scale = np.sqrt(2.0 / (in_channels * self.kernel_size[0] * self.kernel_size[1]))
        numbers = np.random.randn(out_channels, in_channels, *self.kernel_size)
        self.weight = Tensor(numbers * scale, requires_grad=True)
        if bias:
            self.bias = Tensor(np.zeros(out_channels), requires_grad=True)
        else:
            self.bias = None

    def forward(self, x):
        check(x, self.in_channels)
        batch = x.shape[0]
        windows, (rows, columns) = unfold(pad(x, self.padding), self.kernel_size, self.stride)
        # (N, C, windows, k) -> (N, windows, C, k) -> (N, windows, C * k)
        table = windows.transpose(1, 2).reshape(batch, rows * columns, -1)
        kernels = self.weight.reshape(self.out_channels, -1).transpose()
        result = table @ kernels
        if self.bias is not None:
            result = result + self.bias
        return result.transpose(1, 2).reshape(batch, self.out_channels, rows, columns)

    def parameters(self):
        if self.bias is None:
            return [self.weight]
        return [self.weight, self.bias]


class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel_size = make_pair(kernel_size)
        self.stride = make_pair(kernel_size if stride is None else stride)
        self.padding = make_pair(padding)

    def forward(self, x):
        check(x)
        images = pad(x, self.padding) + border(x, self.padding, -np.inf)
        windows, size = unfold(images, self.kernel_size, self.stride)
        return windows.max(axis=3).reshape(x.shape[0], x.shape[1], *size)


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel_size = make_pair(kernel_size)
        self.stride = make_pair(kernel_size if stride is None else stride)
        self.padding = make_pair(padding)

    def forward(self, x):
        check(x)
        windows, size = unfold(pad(x, self.padding), self.kernel_size, self.stride)
        return windows.mean(axis=3).reshape(x.shape[0], x.shape[1], *size)


class BatchNorm2d(Layer):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        check(x, self.num_features)
        shape = (1, self.num_features, 1, 1)
        if self.training:
            mean = x.mean(axis=(0, 2, 3), keepdims=True)
            difference = x - mean
            variance = (difference * difference).mean(axis=(0, 2, 3), keepdims=True)
            self.update(mean.data.ravel(), variance.data.ravel())
        else:
            difference = x - self.running_mean.reshape(shape)
            variance = Tensor(self.running_var.reshape(shape))
        root = (variance + self.eps) ** 0.5
        return difference / root * self.gamma.reshape(shape) + self.beta.reshape(shape)

    def update(self, mean, variance):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * variance

    def parameters(self):
        return [self.gamma, self.beta]
