"""Module 01. Every operation is a Function class with a context, as in functions.py."""

import numpy as np

Array = np.ndarray
Operand = object


class Tensor:
    """Holds data; all computing is done by Functions."""

    precision = np.float32
    __array_ufunc__ = None

    def __init__(self, data, requires_grad: bool = False):
        self.data = np.array(as_array(data), dtype=np.float32, order="C")
        self.requires_grad: bool = requires_grad
        self.grad = None
        self.ctx = None  # the context of the Function that made this tensor

    @staticmethod
    def from_op(data, *edges):
        """For modules that prefer (tensor, rule) pairs to a class."""
        from . import functions

        return functions.Custom.apply(*(tensor for tensor, _ in edges), data=data, rules=edges)

    @property
    def shape(self) -> tuple:
        return self.data.shape

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def dtype(self):
        return self.data.dtype

    def __len__(self) -> int:
        return len(self.data)

    def numpy(self):
        return self.data

    def __repr__(self) -> str:
        values = np.array2string(self.data, separator=", ", threshold=10**6)
        return f"Tensor({values}, {self.shape=})".replace("self.", "")

    def zero_grad(self):
        self.grad = None


def as_array(value):
    return value.data if isinstance(value, Tensor) else np.asarray(value, dtype=np.float32)


def as_tensor(value):
    return value if isinstance(value, Tensor) else Tensor(value)


from . import functions  # noqa: E402  (it needs the class above)

functions.install(Tensor)
