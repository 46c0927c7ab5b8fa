"""Module 01 with __slots__, einsum for products and the first of equal maxima; terse."""
import numpy as np

Array = np.ndarray
Operand = object


def as_array(v): return v.data if isinstance(v, Tensor) else np.asarray(v, np.float32)
def as_tensor(v): return v if isinstance(v, Tensor) else Tensor(v)


class ShapeError(ValueError): pass


class Tensor:
    __slots__ = ("data", "requires_grad", "grad", "edges")
    precision = np.float32
    recording = False
    __array_priority__ = 1000  # array * tensor asks the tensor
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        if isinstance(data, Tensor):
            data = data.data
        self.data = np.array(data, np.float32, order="C")
        self.requires_grad, self.grad, self.edges = requires_grad, None, ()

    @staticmethod
    def from_op(data, *edges):
        t = Tensor(data)
        if Tensor.recording:
            t.edges = tuple((p, f) for p, f in edges if p.requires_grad)
            t.requires_grad = len(t.edges) > 0
        return t

    shape = property(lambda self: self.data.shape)
    size = property(lambda self: self.data.size)
    dtype = property(lambda self: self.data.dtype)
    ndim = property(lambda self: self.data.ndim)

    def __len__(self): return len(self.data)
    def numpy(self): return self.data
    def __repr__(self): return "Tensor(shape=%s,\n%s)" % (self.shape, self.data)

    # arithmetic

    def __add__(self, o):
        o = as_tensor(o)
        return Tensor.from_op(self.data + o.data, (self, lambda g: g), (o, lambda g: g))

    def __mul__(self, o):
        o = as_tensor(o); x, y = self.data, o.data
        return Tensor.from_op(x * y, (self, lambda g: y * g), (o, lambda g: x * g))

    def __pow__(self, n):
        x = self.data
        return Tensor.from_op(x ** n, (self, lambda g: g * n * x ** (n - 1)))

    def __neg__(self): return self * -1
    def __sub__(self, o): return self + -as_tensor(o)
    def __truediv__(self, o): return self * as_tensor(o) ** -1.0
    def __rsub__(self, o): return as_tensor(o) - self
    def __rtruediv__(self, o): return as_tensor(o) / self
    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        y = np.exp(self.data)
        return Tensor.from_op(y, (self, lambda g: g * y))

    def log(self):
        x = self.data
        return Tensor.from_op(np.log(x), (self, lambda g: g / x))

    # products: vectors become matrices, einsum does the rest

    def matmul(self, o):
        if not isinstance(o, Tensor):
            raise TypeError("the right side of @ must be a Tensor")
        if not (self.ndim and o.ndim) or self.shape[-1] != o.shape[max(o.ndim - 2, 0)]:
            raise ShapeError(f"{self.shape} @ {o.shape}: inner sizes differ")
        x = self.data if self.ndim > 1 else self.data[None]
        y = o.data if o.ndim > 1 else o.data[:, None]
        full = np.einsum("...ij,...jk->...ik", x, y)
        shape = full.shape
        if self.ndim == 1: full = full[..., 0, :]
        if o.ndim == 1: full = full[..., 0]
        def left(g):
            d = np.einsum("...ik,...jk->...ij", g.reshape(shape), y)
            return d[..., 0, :] if self.ndim == 1 else d
        def right(g):
            d = np.einsum("...ij,...ik->...jk", x, g.reshape(shape))
            return d[..., 0] if o.ndim == 1 else d
        return Tensor.from_op(full, (self, left), (o, right))

    __matmul__ = matmul

    # shapes

    def __getitem__(self, key):
        x = self.data
        def back(g):
            d = np.zeros_like(x)
            np.add.at(d, key, g)
            return d
        return Tensor.from_op(x[key], (self, back))

    def reshape(self, *shape):
        if len(shape) == 1 and not isinstance(shape[0], int): shape = tuple(shape[0])
        old = self.shape
        return Tensor.from_op(self.data.reshape(shape), (self, lambda g: g.reshape(old)))

    def flatten(self): return self.reshape(self.size)

    def transpose(self, dim0=None, dim1=None):
        if (dim0 is None) ^ (dim1 is None): raise ShapeError("both dims or none")
        order = list(range(self.ndim))
        if dim0 is None: dim0, dim1 = (-2, -1) if self.ndim > 1 else (None, None)
        if dim0 is not None: order[dim0], order[dim1] = order[dim1], order[dim0]
        return Tensor.from_op(np.transpose(self.data, order),
                              (self, lambda g: np.transpose(g, np.argsort(order))))

    # reductions

    def sum(self, axis=None, keepdims=False):
        x = self.data
        kept = x.sum(axis=axis, keepdims=True).shape
        return Tensor.from_op(x.sum(axis=axis, keepdims=keepdims),
                              (self, lambda g: np.broadcast_to(g.reshape(kept), x.shape)))

    def mean(self, axis=None, keepdims=False):
        s = self.sum(axis, keepdims)
        return s * (s.size / self.size)

    def max(self, axis=None, keepdims=False):
        x = self.data
        axes = range(x.ndim) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
        axes = sorted(a % x.ndim for a in axes)
        back = len(axes)
        flat = np.moveaxis(x, axes, range(-back, 0)) if back else x
        rows = flat.reshape(flat.shape[:x.ndim - back] + (-1,))
        first = rows.argmax(-1)[..., None]
        kept = x.max(axis=axis, keepdims=True).shape
        def pull(g):
            one = np.zeros_like(rows)
            np.put_along_axis(one, first, 1, -1)
            one = one.reshape(flat.shape)
            if back: one = np.moveaxis(one, range(-back, 0), axes)
            return one * g.reshape(kept)
        return Tensor.from_op(x.max(axis=axis, keepdims=keepdims), (self, pull))
