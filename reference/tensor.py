"""01 Tensor: an array that can remember how it was computed.

Every operation is written once, forward and backward side by side: beside its value it hands
`Tensor.from_op` one edge per operand, a pair of that operand and its vector-Jacobian product, the
function from the cotangent of the result to the cotangent of the operand. Module 05 walks these
edges; until it is imported nothing is recorded. A product may return any shape that broadcasting
made of the operand's: `backward` sums it down again.
"""

from __future__ import annotations

from collections import abc
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Axis: TypeAlias = int | tuple[int, ...] | None
VectorJacobianProduct: TypeAlias = abc.Callable[[Array], Array]
Edge: TypeAlias = "tuple[Tensor, VectorJacobianProduct]"


class Tensor:
    """An n-dimensional array in `Tensor.precision`, with a gradient if it requires one."""

    precision: ClassVar[npt.DTypeLike] = np.float32
    recording: ClassVar[bool] = False
    backward: ClassVar[abc.Callable[..., None]]  # attached by module 05
    zero_grad: ClassVar[abc.Callable[[Tensor], None]]  # attached by module 05
    __array_ufunc__ = None  # so that `array * tensor` reaches Tensor.__rmul__

    requires_grad: bool = False
    grad: Any = None
    edges: tuple[Edge, ...] = ()

    def __init__(self, data: npt.ArrayLike, requires_grad: bool = False) -> None:
        """Copy `data`, so that the caller's array and the tensor never share memory."""
        self.data = np.array(data, dtype=Tensor.precision, order="C")
        self.requires_grad = requires_grad

    @staticmethod
    def from_op(data: npt.ArrayLike, *edges: Edge) -> Tensor:
        """Wrap the result of an operation (no copy), recording edges to what requires grad."""
        result = Tensor.__new__(Tensor)
        result.data = np.asarray(data)
        if Tensor.recording:
            result.edges = tuple(edge for edge in edges if edge[0].requires_grad)
            result.requires_grad = bool(result.edges)
        return result

    @property
    def data(self) -> Array:
        """The values, always in `Tensor.precision`."""
        return self._data

    @data.setter
    def data(self, values: Array) -> None:
        self._data: Array = np.asarray(values, dtype=Tensor.precision)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self.data.shape

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.data.dtype

    def numpy(self) -> Array:
        """Return the values themselves, not a copy."""
        return self.data

    def __repr__(self) -> str:
        """Show the values and the shape."""
        suffix = ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({self.data}, shape={self.shape}{suffix})"

    # Elementwise arithmetic. The products capture arrays, never tensors: assigning a new
    # `data` to an operand afterwards, as optimizers do, leaves the recorded graph intact.

    def __add__(self, other: Operand) -> Tensor:
        """a + b."""
        other = as_tensor(other)
        return Tensor.from_op(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other: Operand) -> Tensor:
        """a - b."""
        other = as_tensor(other)
        return Tensor.from_op(self.data - other.data, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other: Operand) -> Tensor:
        """a * b."""
        other = as_tensor(other)
        a, b = self.data, other.data
        return Tensor.from_op(a * b, (self, lambda g: g * b), (other, lambda g: g * a))

    def __truediv__(self, other: Operand) -> Tensor:
        """a / b."""
        other = as_tensor(other)
        a, b = self.data, other.data
        return Tensor.from_op(a / b, (self, lambda g: g / b), (other, lambda g: -g * a / (b * b)))

    def __radd__(self, other: Operand) -> Tensor:
        """a + b where only b is a tensor."""
        return as_tensor(other) + self

    def __rsub__(self, other: Operand) -> Tensor:
        """a - b where only b is a tensor."""
        return as_tensor(other) - self

    def __rmul__(self, other: Operand) -> Tensor:
        """a * b where only b is a tensor."""
        return as_tensor(other) * self

    def __rtruediv__(self, other: Operand) -> Tensor:
        """a / b where only b is a tensor."""
        return as_tensor(other) / self

    def __neg__(self) -> Tensor:
        """Unary minus."""
        return Tensor.from_op(-self.data, (self, lambda g: -g))

    def __pow__(self, exponent: float) -> Tensor:
        """Raise every element to a constant power."""
        x = self.data
        return Tensor.from_op(x**exponent, (self, lambda g: g * _slope_of_power(x, exponent)))

    def exp(self) -> Tensor:
        """e to the power of every element."""
        y = np.exp(self.data)
        return Tensor.from_op(y, (self, lambda g: g * y))

    def log(self) -> Tensor:
        """Natural logarithm of every element."""
        x = self.data
        return Tensor.from_op(np.log(x), (self, lambda g: g / x))

    # Matrix product.

    def __matmul__(self, other: Tensor) -> Tensor:
        """a @ b."""
        return self.matmul(other)

    def matmul(self, other: Tensor) -> Tensor:
        """NumPy's matrix product of vectors, matrices, and batches that broadcast."""
        if not isinstance(other, Tensor):
            raise TypeError(f"matmul needs a Tensor, not {type(other).__name__}")
        a, b = self.data, other.data
        try:
            product = np.matmul(a, b)
        except ValueError as error:
            raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit") from error
        # A vector is one row on the left, one column on the right, and that axis is then dropped.
        column = b[:, np.newaxis] if b.ndim == 1 else b
        dropped = tuple(axis for axis, side in ((-2, a), (-1, b)) if side.ndim == 1)

        def to_right(g: Array) -> Array:
            spread: Array = np.atleast_2d(a).swapaxes(-1, -2) @ np.expand_dims(g, dropped)
            return spread[..., 0] if b.ndim == 1 else spread

        return Tensor.from_op(
            product,
            (self, lambda g: np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),
            (other, to_right),
        )

    # Movement: results are copies, so that no tensor ever shares memory with another.

    def __getitem__(self, key: Any) -> Tensor:
        """Select by ints, slices, tuples, integer arrays or boolean arrays."""
        x = self.data

        def to_source(g: Array) -> Array:
            spread = np.zeros_like(x)
            np.add.at(spread, key, g)  # unlike spread[key] += g, repeated indices accumulate
            return spread

        return Tensor.from_op(np.array(x[key]), (self, to_source))

    def reshape(self, *shape: Any) -> Tensor:
        """Give the elements, in C order, a new shape: `reshape(2, -1)` or `reshape((2, -1))`."""
        target = shape[0] if len(shape) == 1 else shape
        x = self.data

        def to_source(g: Array) -> Array:
            spread = np.empty_like(x)  # in the memory order of x, which may not be C
            spread[...] = g.reshape(x.shape)
            return spread

        return Tensor.from_op(np.array(x, order="C").reshape(target), (self, to_source))

    def flatten(self, start_dim: int = 0) -> Tensor:
        """Merge the axes from `start_dim` on into one."""
        return self.reshape(*self.shape[:start_dim], -1)

    def transpose(self, dim0: int | None = None, dim1: int | None = None) -> Tensor:
        """Swap two axes, by default the last two; a scalar or vector is copied."""
        if (dim0 is None) != (dim1 is None):
            raise ValueError("transpose needs both dim0 and dim1, or neither")
        if dim0 is None or dim1 is None:
            if self.data.ndim < 2:
                return self.reshape(self.shape)
            dim0, dim1 = -2, -1
        swapped = self.data.swapaxes(dim0, dim1).copy()
        return Tensor.from_op(swapped, (self, lambda g: g.swapaxes(dim0, dim1)))

    # Reductions.

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Sum over one axis, several, or all."""
        x = self.data
        total = x.sum(axis=axis, keepdims=keepdims)
        return Tensor.from_op(total, (self, lambda g: _spread(g, x.shape, axis, keepdims)))

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Mean over one axis, several, or all."""
        total = self.sum(axis, keepdims)
        return total / (self.size // max(total.size, 1))

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Maximum over one axis, several, or all; equal maxima share the gradient equally."""
        x = self.data
        peak = x.max(axis=axis, keepdims=True)
        value = x.max(axis=axis, keepdims=keepdims)

        def to_source(g: Array) -> Array:
            winners = x == peak
            share: Array = winners / winners.sum(axis=axis, keepdims=True)
            return _spread(g, x.shape, axis, keepdims) * share

        return Tensor.from_op(value, (self, to_source))


Operand: TypeAlias = Tensor | npt.ArrayLike


def as_tensor(value: Operand) -> Tensor:
    """Return a tensor as it is and anything else as a constant tensor."""
    return value if isinstance(value, Tensor) else Tensor(value)


def as_array(value: Operand) -> Array:
    """Return the values of a tensor, a number or an array, in `Tensor.precision`."""
    return value.data if isinstance(value, Tensor) else np.asarray(value, dtype=Tensor.precision)


def _slope_of_power(x: Array, exponent: float) -> Array:
    """Return exponent * x ** (exponent - 1), except that for x ** 0 that would be 0 * inf at 0."""
    return exponent * np.power(x, exponent - 1) if exponent else np.zeros_like(x)


def _spread(g: Array, shape: tuple[int, ...], axis: Axis, keepdims: bool) -> Array:
    """Repeat the cotangent of a reduction along the axes that were reduced."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, shape)
