"""Module 01 that records from the start: each result holds a closure that adds to its inputs' grad."""

import math

import numpy as np

Array = np.ndarray
Operand = object


def unbroadcast(grad, shape):
    """Add up what broadcasting has copied."""
    if grad.ndim > len(shape):
        grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    for i, n in enumerate(shape):
        if n == 1 and grad.shape[i] > 1:
            grad = grad.sum(axis=i, keepdims=True)
    return grad


class Tensor:
    precision = np.float32
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False, _prev=(), _op="leaf"):
        if isinstance(data, Tensor):
            data = data.data
        self.data = np.array(data, dtype=np.float32, order="C")
        self.requires_grad = requires_grad or any(t.requires_grad for t in _prev)
        self.grad = None
        self._prev = _prev if self.requires_grad else ()
        self._op = _op
        self._backward = lambda: None

    @staticmethod
    def from_op(data, *edges):
        out = Tensor(data, _prev=tuple(tensor for tensor, _ in edges), _op="custom")

        def _backward():
            for tensor, rule in edges:
                if tensor.requires_grad:
                    tensor._receive(rule(out._gradient()))

        return out._with(_backward)

    def _with(self, _backward):
        if self.requires_grad:
            self._backward = _backward
        return self

    def _receive(self, grad):
        """Add to grad; only the first contribution is copied, the others are added in place."""
        if self.requires_grad:
            grad = unbroadcast(np.asarray(grad), self.shape)
            if self.grad is None:
                self.grad = np.array(np.broadcast_to(grad, self.shape), dtype=np.float32)
            else:
                self.grad = self._gradient()
                self.grad += grad

    def _gradient(self):
        return self.grad.data if isinstance(self.grad, Tensor) else self.grad

    @property
    def shape(self):
        return self.data.shape

    @property
    def size(self):
        return self.data.size

    @property
    def dtype(self):
        return self.data.dtype

    def numpy(self):
        return self.data

    def __repr__(self):
        return f"<Tensor {self._op} shape={self.shape} data={self.data}>"

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data + other.data, _prev=(self, other), _op="+")

        def _backward():
            self._receive(out._gradient())
            other._receive(out._gradient())

        return out._with(_backward)

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        a, b = self.data, other.data
        out = Tensor(a * b, _prev=(self, other), _op="*")

        def _backward():
            self._receive(b * out._gradient())
            other._receive(a * out._gradient())

        return out._with(_backward)

    def __pow__(self, power):
        assert isinstance(power, (int, float)), "only numbers as powers"
        a = self.data
        out = Tensor(a**power, _prev=(self,), _op=f"**{power}")

        def _backward():
            self._receive(power * a ** (power - 1) * out._gradient())

        return out._with(_backward)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        a, b = self.data, other.data
        out = Tensor(a / b, _prev=(self, other), _op="/")

        def _backward():
            self._receive(out._gradient() / b)
            other._receive(-out._gradient() * a / b**2)

        return out._with(_backward)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Tensor(other) / self

    def exp(self):
        out = Tensor(np.exp(self.data), _prev=(self,), _op="exp")
        return out._with(lambda: self._receive(out.data * out._gradient()))

    def log(self):
        a = self.data
        out = Tensor(np.log(a), _prev=(self,), _op="log")
        return out._with(lambda: self._receive(out._gradient() / a))

    def __matmul__(self, other):
        if not isinstance(other, Tensor):
            raise TypeError("@ needs a Tensor on both sides")
        a, b = self.data, other.data
        if a.ndim < 1 or b.ndim < 1 or a.shape[-1] != b.shape[max(0, b.ndim - 2)]:
            raise ValueError(f"matmul of {a.shape} and {b.shape} is not possible")
        out = Tensor(a @ b, _prev=(self, other), _op="@")

        def _backward():
            g, left, right = out._gradient(), a, b
            if a.ndim == 1:
                left, g = a[None, :], np.expand_dims(g, -1 if b.ndim == 1 else -2)
            if b.ndim == 1:
                right, g = b[:, None], g[..., None]
            g = g.reshape(np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
                          + (left.shape[-2], right.shape[-1]))
            to_left = unbroadcast(g @ np.swapaxes(right, -1, -2), left.shape)
            to_right = unbroadcast(np.swapaxes(left, -1, -2) @ g, right.shape)
            self._receive(to_left.reshape(a.shape))
            other._receive(to_right.reshape(b.shape))

        return out._with(_backward)

    def matmul(self, other):
        return self @ other

    def __getitem__(self, key):
        out = Tensor(self.data[key], _prev=(self,), _op="[]")

        def _backward():
            grad = np.zeros(self.shape)
            np.add.at(grad, key, out._gradient())
            self._receive(grad)

        return out._with(_backward)

    def reshape(self, *shape):
        if len(shape) == 1:
            shape = shape[0]
        out = Tensor(self.data.reshape(shape), _prev=(self,), _op="reshape")
        return out._with(lambda: self._receive(out._gradient().reshape(self.shape)))

    def flatten(self):
        return self.reshape(-1)

    def transpose(self, dim0=None, dim1=None):
        if dim0 is None and dim1 is None:
            if self.data.ndim < 2:
                return self + 0
            dim0, dim1 = self.data.ndim - 2, self.data.ndim - 1
        if dim0 is None or dim1 is None:
            raise ValueError("transpose needs two dims")
        out = Tensor(self.data.swapaxes(dim0, dim1), _prev=(self,), _op="T")
        return out._with(lambda: self._receive(out._gradient().swapaxes(dim0, dim1)))

    def sum(self, axis=None, keepdims=False):
        out = Tensor(self.data.sum(axis=axis, keepdims=keepdims), _prev=(self,), _op="sum")

        def _backward():
            kept = self.data.sum(axis=axis, keepdims=True).shape
            self._receive(np.ones(self.shape) * out._gradient().reshape(kept))

        return out._with(_backward)

    def mean(self, axis=None, keepdims=False):
        axes = range(self.data.ndim) if axis is None else np.atleast_1d(axis)
        count = math.prod(self.shape[i] for i in axes)
        return self.sum(axis, keepdims) * (1 / count)

    def max(self, axis=None, keepdims=False):
        a = self.data
        out = Tensor(a.max(axis=axis, keepdims=keepdims), _prev=(self,), _op="max")

        def _backward():
            peak = a.max(axis=axis, keepdims=True)
            mask = (a == peak).astype(np.float64)
            mask /= mask.sum(axis=axis, keepdims=True)
            self._receive(mask * out._gradient().reshape(peak.shape))

        return out._with(_backward)

    def zero_grad(self):
        self.grad = None

    def backward(self, gradient=None):
        if gradient is None:
            if self.size != 1:
                raise ValueError("backward() without a gradient is for scalars")
            gradient = np.ones(self.shape)
        topo = self._sorted()
        for node in topo:
            if node._prev:
                node.grad = None  # of an earlier backward; only leaves add up
        self._receive(as_array(gradient))
        for node in reversed(topo):
            node._backward()

    def _sorted(self):
        """Inputs first, this tensor last; a stack of (tensor, seen before?) replaces recursion."""
        topo, visited, stack = [], set(), [(self, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                topo.append(node)
            elif node not in visited:
                visited.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in node._prev if child not in visited)
        return topo


def as_array(value):
    return value.data if isinstance(value, Tensor) else np.asarray(value, dtype=np.float32)
