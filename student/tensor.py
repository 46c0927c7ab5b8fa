"""Module 01, tensor: an n-dimensional array that the eight later modules compute with.

A Tensor wraps one NumPy array and gives it the operations a neural network needs. There is no
gradient here yet. Module 05 adds two methods, `backward` and `zero_grad`; leave them out for now.

May use: NumPy and the standard library, nothing else. This holds for all nine modules.
Grade it: `nox -s check -- 01`
Start with: `Tensor.__init__`, then `__repr__` so that you can print what you build, then `__add__`.
Take one method at a time: after each, the checks tell you what holds already.

Three rules hold for every operation:

- It returns a new Tensor holding float32 and never changes its inputs.
- The result of `+ - * /` never shares memory with an operand: writing into `c.data` after
  `c = a + 0` must leave `a.data` alone.
- Elements are counted in C order (the last axis moves fastest), as NumPy does by default.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Operand: TypeAlias = "Tensor | float | NDArray[Any]"
"""What may stand to the right of `+ - * /`: a Tensor, a Python or NumPy number, an ndarray."""

Axis: TypeAlias = "int | tuple[int, ...] | None"
"""What a reduction runs over: one axis, several, or (None) all; negatives count from the end."""


class Tensor:
    """An n-dimensional array of float32.

    Attributes:
        data: the numbers, a float32 ndarray.
        shape: the shape of `data`, a tuple of ints; `()` for a single number.
        size: how many elements `data` has, an int.
        dtype: the dtype of `data`, always float32.
        requires_grad: whether module 05 should compute a gradient for this tensor, a bool.
        grad: None here; module 05 stores an ndarray of the shape of `data` in it.

    Optimizers will later replace or rewrite `data`, so `shape`, `size` and `dtype` should describe
    the present `data`, not the one the tensor was built with.

    Stretch (never graded against you): number-first operators such as `2 * t` (`__rmul__` and its
    siblings), unary minus, `**`, and the methods `flatten`, `exp` and `log`. Until you define
    them, Python itself refuses with its usual TypeError or AttributeError.
    """

    data: NDArray[np.float32]
    shape: tuple[int, ...]
    size: int
    dtype: np.dtype[np.float32]
    requires_grad: bool
    grad: NDArray[np.float32] | None

    def __init__(self, data: ArrayLike, requires_grad: bool = False) -> None:
        """Store `data` as a float32 array of the tensor's own, and start with no gradient.

        Args:
            data: a number, a nested list or an ndarray of any numeric dtype. A single number gives
                shape `()`, not `(1,)`. Copy it, so that a later change to the caller's array does
                not reach the tensor.
            requires_grad: stored as it is.

        Example: `Tensor([[1, 2, 3]])` has shape (1, 3), size 3, dtype float32 and `grad` None.
        """
        raise NotImplementedError("Module 01: implement Tensor.__init__ in student/tensor.py")

    def __repr__(self) -> str:
        """Return a text that holds the class name, the values and the shape.

        The layout is yours; `Tensor([1. 2. 3.], shape=(3,))` will do.
        """
        raise NotImplementedError("Module 01: implement Tensor.__repr__ in student/tensor.py")

    def numpy(self) -> NDArray[np.float32]:
        """Return the values as a NumPy array."""
        raise NotImplementedError("Module 01: implement Tensor.numpy in student/tensor.py")

    def __add__(self, other: Operand) -> Tensor:
        """Return the elementwise sum `self + other`.

        Shapes combine by NumPy's broadcasting rules: (2, 3) with (3,) gives (2, 3), and (2, 1)
        with (1, 3) gives (2, 3). The result is float32 even when `other` is a float64 array.

        Example: `Tensor([1, 2]) + 10` holds [11, 12].
        """
        raise NotImplementedError("Module 01: implement Tensor.__add__ in student/tensor.py")

    def __sub__(self, other: Operand) -> Tensor:
        """Return the elementwise difference `self - other`, broadcast as in `__add__`."""
        raise NotImplementedError("Module 01: implement Tensor.__sub__ in student/tensor.py")

    def __mul__(self, other: Operand) -> Tensor:
        """Return the elementwise product `self * other`, broadcast as in `__add__`.

        This is not the matrix product: that is `@`.
        """
        raise NotImplementedError("Module 01: implement Tensor.__mul__ in student/tensor.py")

    def __truediv__(self, other: Operand) -> Tensor:
        """Return the elementwise quotient `self / other`, broadcast as in `__add__`."""
        raise NotImplementedError("Module 01: implement Tensor.__truediv__ in student/tensor.py")

    def __matmul__(self, other: Tensor) -> Tensor:
        """Return `self @ other`: the same as `matmul`."""
        raise NotImplementedError("Module 01: implement Tensor.__matmul__ in student/tensor.py")

    def matmul(self, other: Tensor) -> Tensor:
        """Return the matrix product of `self` and `other`.

        For matrices, C[i, j] is the sum over k of A[i, k] * B[k, j]. Other shapes as NumPy's
        matmul: leading axes are batches and broadcast; a 1-D operand on the left counts as a row,
        on the right as a column, and the axis added for it disappears from the result.

            (n,) @ (n,) -> ()                     (m, n) @ (n, p) -> (m, p)
            (m, n) @ (n,) -> (m,)                 (b, m, n) @ (b, n, p) -> (b, m, p)
            (n,) @ (n, p) -> (p,)                 (b, m, n) @ (n, p) -> (b, m, p)

        Raises:
            TypeError: `other` is not a Tensor; lists, numbers and ndarrays are refused.
            ValueError: the inner sizes differ; the message contains both shapes, for instance
                "cannot multiply (2, 3) by (4, 5)".
        """
        raise NotImplementedError("Module 01: implement Tensor.matmul in student/tensor.py")

    def __getitem__(self, key: Any) -> Tensor:
        """Return the part of the tensor that NumPy indexing with `key` selects, as a Tensor.

        Args:
            key: an int, a slice, a tuple of those, an integer array (also with repeated or
                negative indices) or a boolean array.

        A single element is a Tensor too, of shape (). Example: with `t = Tensor([[1, 2], [3, 4]])`,
        `t[1]` holds [3, 4] and `t[:, 0]` holds [1, 3].
        """
        raise NotImplementedError("Module 01: implement Tensor.__getitem__ in student/tensor.py")

    def reshape(self, *shape: int | tuple[int, ...]) -> Tensor:
        """Return the same elements, in C order, under a new shape.

        Args:
            shape: the sizes one by one, `t.reshape(2, 3)`, or one tuple, `t.reshape((2, 3))`. One
                size may be -1: it is then whatever makes the number of elements fit.

        Raises:
            ValueError: two sizes are -1, or the number of elements does not fit.

        Example: from shape (2, 6), `reshape(3, 4)` and `reshape(3, -1)` both make (3, 4).
        """
        raise NotImplementedError("Module 01: implement Tensor.reshape in student/tensor.py")

    def transpose(self, dim0: int | None = None, dim1: int | None = None) -> Tensor:
        """Return the tensor with two axes swapped and all others in place.

        Args:
            dim0: one axis to swap; negatives count from the end.
            dim1: the other axis.

        With neither given, the last two axes are swapped; a 0-D or 1-D tensor has no two axes and
        comes back as a copy.

        Raises:
            ValueError: only one of the two axes is given.

        Example: shape (2, 3, 4) becomes (2, 4, 3), and with `transpose(0, 2)` it becomes (4, 3, 2).
        """
        raise NotImplementedError("Module 01: implement Tensor.transpose in student/tensor.py")

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Return the sum over `axis`.

        Args:
            axis: an axis, a tuple of axes, or None for all of them.
            keepdims: keep each summed axis with size 1 instead of dropping it.

        Example: for shape (2, 3, 4), `sum()` has shape (), `sum(axis=1)` has (2, 4),
        `sum(axis=(0, -1))` has (3,) and `sum(axis=1, keepdims=True)` has (2, 1, 4).
        """
        raise NotImplementedError("Module 01: implement Tensor.sum in student/tensor.py")

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Return the mean over `axis`: the sum divided by how many elements were added up.

        The arguments and the shape of the result are those of `sum`.
        """
        raise NotImplementedError("Module 01: implement Tensor.mean in student/tensor.py")

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Return the largest value along `axis`.

        The arguments and the shape of the result are those of `sum`.
        """
        raise NotImplementedError("Module 01: implement Tensor.max in student/tensor.py")
