"""Module 09: convolution by windows and einsum, pooling, batch norm."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tinytorch.core.autograd import Function, attach, enable_autograd
from tinytorch.core.layers import Layer
from tinytorch.core.tensor import Tensor

__all__ = ["Conv2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d"]

enable_autograd()


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _validate_4d(x, name, channels=None):
    if len(x.shape) != 4:
        raise ValueError(f"{name} wants (batch, channels, height, width), got {x.shape}")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"{name} wants {channels} channels, got {x.shape[1]}")


class Geometry:
    """Kernel, stride and padding, and how they map pixels to windows and back."""

    def __init__(self, kernel_size, stride, padding, fill=0.0):
        self.kernel = _pair(kernel_size)
        self.stride = self.kernel if stride is None else _pair(stride)
        self.padding = _pair(padding)
        self.fill = fill

    def windows(self, array):
        """(N, C, H, W) to (N, C, rows, columns, kh, kw), without copying."""
        (ph, pw), (sh, sw) = self.padding, self.stride
        padded = np.pad(array, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=self.fill)
        return sliding_window_view(padded, self.kernel, axis=(2, 3))[:, :, ::sh, ::sw]

    def scatter(self, grads, shape):
        """The adjoint of windows: add every window's gradient onto its pixels."""
        (ph, pw), (sh, sw) = self.padding, self.stride
        n, c, h, w = shape
        rows, columns = grads.shape[2:4]
        padded = np.zeros((n, c, h + 2 * ph, w + 2 * pw), dtype=np.float32)
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                down, across = slice(i, i + sh * rows, sh), slice(j, j + sw * columns, sw)
                padded[:, :, down, across] += grads[..., i, j]
        return padded[:, :, ph : ph + h, pw : pw + w]


class Conv2dBackward(Function):
    def __init__(self, geometry, windows, *tensors):
        super().__init__(*tensors)
        self.geometry = geometry
        self.windows = windows

    def apply(self, grad_output):
        x, weight = self.saved_tensors[:2]
        onto = np.einsum("norc,oiyx->nircyx", grad_output, weight.data, optimize=True)
        grad_x = self.geometry.scatter(onto, x.shape)
        grad_weight = np.einsum("norc,nircyx->oiyx", grad_output, self.windows, optimize=True)
        return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.geometry = Geometry(kernel_size, stride, padding)
        kernel_h, kernel_w = self.geometry.kernel
        std = np.sqrt(2.0 / (in_channels * kernel_h * kernel_w))  # He et al. (2015)
        shape = (out_channels, in_channels, kernel_h, kernel_w)
        self.weight = Tensor(np.random.normal(0, std, shape), requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def forward(self, x):
        _validate_4d(x, "Conv2d", self.in_channels)
        windows = self.geometry.windows(x.data)
        output = np.einsum("nircyx,oiyx->norc", windows, self.weight.data, optimize=True)
        if self.bias is not None:
            output = output + self.bias.data.reshape(1, -1, 1, 1)
        function = Conv2dBackward(self.geometry, windows, x, *self.parameters())
        return attach(Tensor(output), function)

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class MaxPool2dBackward(Function):
    def __init__(self, geometry, windows, x):
        super().__init__(x)
        self.geometry = geometry
        self.windows = windows

    def apply(self, grad_output):
        best = self.windows.max(axis=(4, 5), keepdims=True)
        winners = self.windows == best
        shares = winners / winners.sum(axis=(4, 5), keepdims=True)
        grads = shares * grad_output[..., None, None]
        return (self.geometry.scatter(grads, self.saved_tensors[0].shape),)


class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.geometry = Geometry(kernel_size, stride, padding, fill=-np.inf)

    def forward(self, x):
        _validate_4d(x, "MaxPool2d")
        windows = self.geometry.windows(x.data)
        return attach(
            Tensor(windows.max(axis=(4, 5))), MaxPool2dBackward(self.geometry, windows, x)
        )


class AvgPool2dBackward(Function):
    def __init__(self, geometry, x):
        super().__init__(x)
        self.geometry = geometry

    def apply(self, grad_output):
        kernel = self.geometry.kernel
        share = grad_output[..., None, None] / (kernel[0] * kernel[1])
        grads = np.broadcast_to(share, (*grad_output.shape, *kernel))
        return (self.geometry.scatter(grads, self.saved_tensors[0].shape),)


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.geometry = Geometry(kernel_size, stride, padding)

    def forward(self, x):
        _validate_4d(x, "AvgPool2d")
        averages = self.geometry.windows(x.data).mean(axis=(4, 5))
        return attach(Tensor(averages), AvgPool2dBackward(self.geometry, x))


class BatchNorm2dBackward(Function):
    """Ioffe and Szegedy (2015); in eval mode the statistics are constants."""

    def __init__(self, normalised, deviation, training, *tensors):
        super().__init__(*tensors)
        self.normalised = normalised
        self.deviation = deviation
        self.training = training

    def apply(self, grad_output):
        normalised = self.normalised
        grad_gamma = (grad_output * normalised).sum(axis=(0, 2, 3))
        grad_beta = grad_output.sum(axis=(0, 2, 3))
        inner = grad_output
        if self.training:
            count = grad_output.size / grad_beta.size
            inner = inner - (_wide(grad_beta) + normalised * _wide(grad_gamma)) / count
        gamma = self.saved_tensors[1].data
        return inner * _wide(gamma) / self.deviation, grad_gamma, grad_beta


def _wide(per_channel):
    return np.reshape(per_channel, (1, -1, 1, 1))


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
        return self

    def eval(self):
        self.training = False
        return self

    def _statistics(self, data):
        if not self.training:
            return self.running_mean, self.running_var
        mean, var = data.mean(axis=(0, 2, 3)), data.var(axis=(0, 2, 3))
        count = data.size // data.shape[1]
        unbiased = var * count / max(count - 1, 1)
        rate = self.momentum
        self.running_mean = (1 - rate) * self.running_mean + rate * mean
        self.running_var = (1 - rate) * self.running_var + rate * unbiased
        return mean, var

    def forward(self, x):
        _validate_4d(x, "BatchNorm2d", self.num_features)
        mean, var = self._statistics(x.data)
        deviation = np.sqrt(_wide(var) + self.eps)
        normalised = (x.data - _wide(mean)) / deviation
        output = _wide(self.gamma.data) * normalised + _wide(self.beta.data)
        function = BatchNorm2dBackward(
            normalised, deviation, self.training, x, self.gamma, self.beta
        )
        return attach(Tensor(output), function)

    def parameters(self):
        return [self.gamma, self.beta]
