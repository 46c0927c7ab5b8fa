"""Module 01: the Tensor, forward only; module 05 teaches it gradients."""

import numpy as np

__all__ = ["Tensor"]


class Tensor:
    """A float32 array with the operators that layers need."""

    def __init__(self, data, requires_grad=False):
        if isinstance(data, Tensor):
            data = data.data
        self.data = np.array(data, dtype=np.float32, order="C")
        self.shape = self.data.shape
        self.size = self.data.size
        self.dtype = self.data.dtype
        self.requires_grad = requires_grad
        self.grad = None

    def __repr__(self):
        extra = ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor(data={self.data}, shape={self.shape}{extra})"

    def __str__(self):
        return f"Tensor({self.data})"

    def numpy(self):
        return self.data

    def __add__(self, other):
        return Tensor(self.data + _values(other))

    def __sub__(self, other):
        return Tensor(self.data - _values(other))

    def __mul__(self, other):
        return Tensor(self.data * _values(other))

    def __truediv__(self, other):
        return Tensor(self.data / _values(other))

    def matmul(self, other):
        if not isinstance(other, Tensor):
            raise TypeError(f"expected a Tensor on the right of @, got {type(other)}")
        try:
            return Tensor(np.matmul(self.data, other.data))
        except ValueError:
            message = f"shapes do not fit: {self.shape} @ {other.shape}"
            raise ValueError(message) from None

    def __matmul__(self, other):
        return self.matmul(other)

    def __getitem__(self, key):
        return Tensor(self.data[key])

    def reshape(self, *shape):
        return Tensor(np.reshape(self.data, self._full_shape(shape)))

    def _full_shape(self, shape):
        """The target shape with -1 filled in."""
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        unknown = [i for i, side in enumerate(shape) if side == -1]
        if len(unknown) > 1:
            raise ValueError(f"at most one -1 in {shape}")
        known = int(np.prod([side for side in shape if side != -1], dtype=int))
        if unknown and known:
            shape = tuple(self.size // known if side == -1 else side for side in shape)
            known = int(np.prod(shape, dtype=int))
        if known != self.size:
            raise ValueError(f"{self.size} elements do not fill the shape {shape}")
        return shape

    def transpose(self, dim0=None, dim1=None):
        if (dim0 is None) is not (dim1 is None):
            raise ValueError("give both dimensions, or neither")
        if len(self.shape) < 2:
            return Tensor(self.data.copy())
        if dim0 is None:
            dim0, dim1 = -2, -1
        return Tensor(np.swapaxes(self.data, dim0, dim1))

    def sum(self, axis=None, keepdims=False):
        return Tensor(np.sum(self.data, axis=axis, keepdims=keepdims))

    def mean(self, axis=None, keepdims=False):
        return Tensor(np.mean(self.data, axis=axis, keepdims=keepdims))

    def max(self, axis=None, keepdims=False):
        return Tensor(np.max(self.data, axis=axis, keepdims=keepdims))


def _values(other):
    return other.data if isinstance(other, Tensor) else other
