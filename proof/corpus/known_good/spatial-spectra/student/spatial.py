"""Module 09: convolution as a product of spectra in single precision, averages as differences of sums."""

import numpy as np

from .layers import Layer
from .tensor import Tensor

COMPLEX = np.complex64
REAL = np.float32


def pair(value):
    return tuple(np.broadcast_to(value, 2).tolist())


def spectrum(images, shape):
    return np.fft.rfft2(images.astype(REAL), shape).astype(COMPLEX)


def image(spectra, shape):
    return np.fft.irfft2(spectra, shape).astype(REAL)


def require_four_axes(x):
    if x.data.ndim != 4:
        raise ValueError(f"an image batch has 4 axes, this has {x.data.ndim}")


class Conv2d(Layer):
    """Correlation theorem: the spectrum of a correlation is that of x times the conjugate of w's.

    The spectra belong to the whole padded image, so nothing that is kept wraps around. A stride
    only leaves out results.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.kernel = pair(kernel_size)
        self.stride = pair(stride)
        self.padding = pair(padding)
        inputs = in_channels * self.kernel[0] * self.kernel[1]
        start = np.random.standard_normal((out_channels, in_channels, *self.kernel))
        self.weight = Tensor(start * (2 / inputs) ** 0.5, requires_grad=True)
        self.bias = Tensor(np.zeros(out_channels), requires_grad=True) if bias else None

    def parameters(self):
        return [self.weight] if self.bias is None else [self.weight, self.bias]

    def forward(self, x):
        require_four_axes(x)
        if x.shape[1] != self.weight.shape[1]:
            raise ValueError(f"{x.shape[1]} channels where {self.weight.shape[1]} are expected")
        (ph, pw), (sh, sw), (kh, kw) = self.padding, self.stride, self.kernel
        padded = np.pad(x.data, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        shape = padded.shape[2:]
        valid = np.s_[:, :, : shape[0] - kh + 1 : sh, : shape[1] - kw + 1 : sw]
        of_x = spectrum(padded, shape)
        of_w = spectrum(self.weight.data, shape)
        whole = image(np.einsum("ncij,ocij->noij", of_x, of_w.conj()), shape)
        result = whole[valid]
        if self.bias is not None:
            result = result + self.bias.data[:, np.newaxis, np.newaxis]

        def of_gradient(g):
            full = np.zeros_like(whole)
            full[valid] = g
            return spectrum(full, shape)

        def to_input(g):
            both = np.einsum("noij,ocij->ncij", of_gradient(g), of_w)
            return image(both, shape)[:, :, ph : shape[0] - ph, pw : shape[1] - pw]

        def to_weight(g):
            both = np.einsum("noij,ncij->ocij", of_gradient(g).conj(), of_x)
            return image(both, shape)[:, :, :kh, :kw]

        edges = [(x, to_input), (self.weight, to_weight)]
        if self.bias is not None:
            edges.append((self.bias, lambda g: g.sum(axis=(0, 2, 3))))
        return Tensor.from_op(result, *edges)


class Pool(Layer):
    fill = 0.0

    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel = pair(kernel_size)
        self.stride = pair(kernel_size if stride is None else stride)
        self.padding = pair(padding)

    def pad(self, images):
        (ph, pw) = self.padding
        return np.pad(images, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=self.fill)

    def corners(self, padded):
        """The windows, one after another: where each is in the output and in the padded image."""
        height, width = padded.shape[2:]
        tops = range(0, height - self.kernel[0] + 1, self.stride[0])
        lefts = range(0, width - self.kernel[1] + 1, self.stride[1])
        for row, top in enumerate(tops):
            for column, left in enumerate(lefts):
                window = np.s_[:, :, top : top + self.kernel[0], left : left + self.kernel[1]]
                yield np.s_[:, :, row, column], window

    def forward(self, x):
        require_four_axes(x)
        padded = self.pad(x.data)
        rows = (padded.shape[2] - self.kernel[0]) // self.stride[0] + 1
        columns = (padded.shape[3] - self.kernel[1]) // self.stride[1] + 1
        result = np.empty((*x.shape[:2], rows, columns), dtype=np.float32)
        for place, window in self.corners(padded):
            result[place] = self.summary(padded[window])

        def to_input(g):
            total = np.zeros_like(padded)
            for place, window in self.corners(padded):
                total[window] += self.shares(padded[window]) * g[place][..., None, None]
            (ph, pw) = self.padding
            return total[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]

        return Tensor.from_op(result, (x, to_input))


class MaxPool2d(Pool):
    fill = -np.inf

    def summary(self, window):
        return window.max(axis=(2, 3))

    def shares(self, window):
        """The first of equal maxima in the order of columns (not of rows) has it all."""
        turned = window.swapaxes(2, 3)
        flat = turned.reshape(*turned.shape[:2], -1)
        one = np.eye(flat.shape[2], dtype=np.float32)[flat.argmax(axis=2)]
        return one.reshape(turned.shape).swapaxes(2, 3)


class AvgPool2d(Pool):
    def summary(self, window):
        return window.mean(axis=(2, 3))

    def shares(self, window):
        return np.full(window.shape[2:], 1 / (self.kernel[0] * self.kernel[1]), dtype=np.float32)


class BatchNorm2d(Layer):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps = eps
        self.momentum = momentum
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean = Tensor(np.zeros(num_features))
        self.running_var = Tensor(np.ones(num_features))
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def parameters(self):
        return [self.gamma, self.beta]

    def forward(self, x):
        require_four_axes(x)
        # With channels last, everything about a channel broadcasts by itself.
        pixels = x.transpose(1, 2).transpose(2, 3)
        if not self.training:
            mean, inverse = self.running_mean, (self.running_var + self.eps) ** -0.5
        else:
            mean = pixels.mean(axis=(0, 1, 2))
            var = ((pixels - mean) ** 2).mean(axis=(0, 1, 2))
            inverse = (var + self.eps) ** -0.5
            self.running_mean.data = self.mix(self.running_mean.data, mean.data)
            self.running_var.data = self.mix(self.running_var.data, var.data)
        result = (pixels - mean) * inverse * self.gamma + self.beta
        return result.transpose(2, 3).transpose(1, 2)

    def mix(self, old, new):
        return np.average([old, new], axis=0, weights=[1 - self.momentum, self.momentum])
