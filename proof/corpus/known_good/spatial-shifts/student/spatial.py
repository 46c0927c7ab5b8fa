"""Module 09, one kernel place at a time: shift the image, multiply, add up, all in float64."""
import numpy as np
from .layers import Layer
from .tensor import Tensor


def p2(v): return (v, v) if isinstance(v, (int, np.integer)) else tuple(v)


class Places:
    """Iterates over the places (i, j) of a kernel with the slice of the image that each looks at."""
    def __init__(self, kernel, stride, padding):
        self.kernel, self.stride, self.padding = p2(kernel), p2(stride), p2(padding)

    def size(self, shape):
        return [(n + 2 * p - k) // s + 1
                for n, k, s, p in zip(shape[2:], self.kernel, self.stride, self.padding)]

    def over(self, shape):
        rows, columns = self.size(shape)
        (sh, sw) = self.stride
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                yield (i, j), np.s_[..., i:i + sh * (rows - 1) + 1:sh, j:j + sw * (columns - 1) + 1:sw]

    def pad(self, a, value=0.):
        (h, w) = self.padding
        out = np.full((*a.shape[:2], a.shape[2] + 2 * h, a.shape[3] + 2 * w), value, np.float64)
        self.crop(out, a.shape)[...] = a
        return out

    def crop(self, a, shape):
        (h, w) = self.padding
        return a[:, :, h:h + shape[2], w:w + shape[3]]


def four(x):
    if x.data.ndim != 4: raise ValueError("need (N, C, H, W), not %r" % (x.shape,))


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        self.places = Places(kernel_size, stride, padding)
        kh, kw = self.places.kernel
        w = np.random.normal(0, (2 / (in_channels * kh * kw)) ** .5, (out_channels, in_channels, kh, kw))
        self.weight = Tensor(w, requires_grad=True)
        self.bias = Tensor([0.] * out_channels, requires_grad=True) if bias else None

    def parameters(self): return [self.weight, self.bias][:1 if self.bias is None else 2]

    def forward(self, x):
        four(x)
        w, pl = self.weight.data.astype(np.float64), self.places
        if w.shape[1] != x.shape[1]: raise ValueError(f"{x.shape[1]} channels, not {w.shape[1]}")
        a = pl.pad(x.data)
        y = np.zeros((len(a), len(w), *pl.size(x.shape)))
        if self.bias is not None: y += self.bias.data[:, None, None]
        for (i, j), s in pl.over(x.shape):
            for o, c in np.ndindex(w.shape[:2]):
                y[:, o] += w[o, c, i, j] * a[s][:, c]

        def dx(g):
            d = np.zeros_like(a)
            for (i, j), s in pl.over(x.shape):
                d[s] += np.tensordot(g, w[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
            return pl.crop(d, x.shape).astype(np.float32)

        def dw(g):
            d = np.empty_like(w)
            for (i, j), s in pl.over(x.shape):
                d[:, :, i, j] = np.tensordot(g, a[s], ((0, 2, 3), (0, 2, 3)))
            return d.astype(np.float32)

        back = [(x, dx), (self.weight, dw)]
        if self.bias is not None: back.append((self.bias, lambda g: g.sum((0, 2, 3))))
        return Tensor.from_op(y.astype(np.float32), *back)


class _Pool(Layer):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.places = Places(kernel_size, kernel_size if stride is None else stride, padding)


class MaxPool2d(_Pool):
    """A knock-out: each place challenges the best so far, and wins draws (the last maximum counts)."""
    def forward(self, x):
        four(x)
        pl = self.places
        a = pl.pad(x.data, -np.inf)
        best = winner = None
        for n, (_, s) in enumerate(pl.over(x.shape)):
            if best is None: best, winner = a[s], np.zeros(a[s].shape, int)
            else:
                wins = a[s] >= best
                best, winner = np.where(wins, a[s], best), np.where(wins, n, winner)

        def dx(g):
            d = np.zeros_like(a)
            for n, (_, s) in enumerate(pl.over(x.shape)): d[s] += g * (winner == n)
            return pl.crop(d, x.shape)

        return Tensor.from_op(best, (x, dx))


class AvgPool2d(_Pool):
    def forward(self, x):
        four(x)
        pl = self.places
        a, area = pl.pad(x.data), pl.kernel[0] * pl.kernel[1]

        def dx(g):
            d = np.zeros_like(a)
            for _, s in pl.over(x.shape): d[s] += g / area
            return pl.crop(d, x.shape)

        return Tensor.from_op(sum(a[s] for _, s in pl.over(x.shape)) / area, (x, dx))


class BatchNorm2d(Layer):
    def __init__(self, num_features, eps=1e-5, momentum=.1):
        self.gamma = Tensor(np.ones(num_features), requires_grad=True)
        self.beta = Tensor(np.zeros(num_features), requires_grad=True)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True

    def train(self): self.training = True
    def eval(self): self.training = False
    def parameters(self): return [self.gamma, self.beta]

    def forward(self, x):
        four(x)
        ax, col = (0, 2, 3), lambda v: np.asarray(v, np.float64).reshape(-1, 1, 1)
        a, batch = x.data.astype(np.float64), self.training
        if batch:
            m, v = a.mean(ax), (a ** 2).mean(ax) - a.mean(ax) ** 2   # fine in float64
            for name, new in ("running_mean", m), ("running_var", v):
                old = getattr(self, name)
                setattr(self, name, old + self.momentum * (new - old))
        else: m, v = self.running_mean, self.running_var
        sd, gamma = np.sqrt(v + self.eps), self.gamma.data
        z = (a - col(m)) / col(sd)

        def dx(g):
            d = g * col(gamma / sd)
            if batch: d = d - col(d.mean(ax)) - z * col((d * z).mean(ax))
            return d

        return Tensor.from_op(col(gamma) * z + col(self.beta.data), (x, dx),
                              (self.gamma, lambda g: (g * z).sum(ax)),
                              (self.beta, lambda g: g.sum(ax)))
