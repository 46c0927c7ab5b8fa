"""Module 01. There is no graph: all recorded operations are written, in order, on one tape."""

import weakref

import numpy as np

Array = np.ndarray
Operand = object


class Tape:
    """The operations whose results are still in use, oldest first."""

    def __init__(self):
        self.on = False
        self.steps = []
        self.clean_at = 1000

    def write(self, step):
        self.steps.append(weakref.ref(step))
        if len(self.steps) > self.clean_at:
            self.steps = [known for known in self.steps if known() is not None]
            self.clean_at = 2 * len(self.steps) + 1000

    def read_backwards(self):
        for known in reversed(self.steps):
            step = known()
            if step is not None:
                yield step


tape = Tape()


class Step:
    """One line of the tape: which tensors went in and how their gradients are found.

    The result holds the step, so both are forgotten together; the step knows the result's key only.
    """

    __slots__ = ("__weakref__", "inputs", "key", "rules")

    def __init__(self, key, inputs, rules):
        self.key = key
        self.inputs = inputs
        self.rules = rules


class Tensor:
    precision = np.float32
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        self.data = np.array(as_array(data), dtype=np.float32, order="C")
        self.requires_grad = requires_grad
        self.grad = None
        self.step = None
        self.key = object()

    @staticmethod
    def from_op(data, *edges):
        """A result; every edge is an input tensor and the rule for its gradient."""
        result = Tensor(data)
        wanted = [(tensor, rule) for tensor, rule in edges if tensor.requires_grad]
        if tape.on and wanted:
            tensors, rules = zip(*wanted)
            result.requires_grad = True
            result.step = Step(result.key, tensors, rules)
            tape.write(result.step)
        return result

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
        return self.data.copy()

    # ---- what NumPy's arrays can do as well ----

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype)

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __float__(self):
        return float(self.data.item())

    def __bool__(self):
        if self.size != 1:
            raise ValueError("whether a tensor of several numbers is true makes no sense")
        return bool(self.data.item())

    def __eq__(self, other):
        return Tensor(self.data == as_array(other))

    def __lt__(self, other):
        return Tensor(self.data < as_array(other))

    def __gt__(self, other):
        return Tensor(self.data > as_array(other))

    @property
    def T(self):
        return self.transpose()

    def __repr__(self):
        return f"Tensor with shape {self.shape}: {self.data.tolist()}"

    # ---- elementwise ----

    def __add__(self, other):
        other = as_tensor(other)
        return Tensor.from_op(np.add(self.data, other.data), (self, same), (other, same))

    def __sub__(self, other):
        other = as_tensor(other)
        return Tensor.from_op(
            np.subtract(self.data, other.data), (self, same), (other, np.negative)
        )

    def __mul__(self, other):
        other = as_tensor(other)
        a, b = self.data, other.data
        return Tensor.from_op(a * b, (self, scaled_by(b)), (other, scaled_by(a)))

    def __truediv__(self, other):
        other = as_tensor(other)
        a, b = self.data, other.data
        quotient = a / b
        return Tensor.from_op(quotient, (self, scaled_by(1 / b)), (other, scaled_by(-quotient / b)))

    def __radd__(self, other):
        return as_tensor(other) + self

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __rmul__(self, other):
        return as_tensor(other) * self

    def __rtruediv__(self, other):
        return as_tensor(other) / self

    def __neg__(self):
        return Tensor.from_op(-self.data, (self, np.negative))

    def __pow__(self, exponent):
        x = self.data
        return Tensor.from_op(x**exponent, (self, scaled_by(exponent * x ** (exponent - 1))))

    def exp(self):
        y = np.exp(self.data)
        return Tensor.from_op(y, (self, scaled_by(y)))

    def log(self):
        return Tensor.from_op(np.log(self.data), (self, scaled_by(1 / self.data)))

    # ---- matrix product ----

    def __matmul__(self, other):
        return self.matmul(other)

    def matmul(self, other):
        if not isinstance(other, Tensor):
            raise TypeError("matmul takes two Tensors")
        a, b = self.data, other.data
        if 0 in (a.ndim, b.ndim):
            raise ValueError(f"matmul needs axes, not shapes {a.shape} and {b.shape}")
        row = a.reshape(1, -1) if a.ndim == 1 else a
        column = b.reshape(-1, 1) if b.ndim == 1 else b
        if row.shape[-1] != column.shape[-2]:
            raise ValueError(f"shapes {a.shape} and {b.shape} do not match: {row.shape[-1]} is not "
                             f"{column.shape[-2]}")
        whole = row @ column
        left_out = [-2] * (a.ndim == 1) + [-1] * (b.ndim == 1)
        result = np.squeeze(whole, axis=tuple(left_out))

        def to_left(g):
            answer = g.reshape(whole.shape) @ column.swapaxes(-1, -2)
            return add_up(answer, row.shape).reshape(a.shape)

        def to_right(g):
            answer = row.swapaxes(-1, -2) @ g.reshape(whole.shape)
            return add_up(answer, column.shape).reshape(b.shape)

        return Tensor.from_op(result, (self, to_left), (other, to_right))

    # ---- shape ----

    def __getitem__(self, key):
        places = np.arange(self.size).reshape(self.shape)[key]  # where each value came from

        def rule(g):
            totals = np.bincount(places.ravel(), g.ravel(), minlength=self.size)
            return totals.reshape(self.shape)

        return Tensor.from_op(self.data.ravel()[places], (self, rule))

    def reshape(self, *shape):
        shape = shape[0] if shape and isinstance(shape[0], (list, tuple)) else shape
        return Tensor.from_op(
            np.reshape(self.data, shape), (self, lambda g: np.reshape(g, self.shape))
        )

    def flatten(self):
        return self.reshape(-1)

    def transpose(self, dim0=None, dim1=None):
        given = [dim for dim in (dim0, dim1) if dim is not None]
        if len(given) == 1:
            raise ValueError(f"transpose(dim0, dim1) or transpose(), not only {given[0]}")
        axes = given or [-2, -1][: self.data.ndim]
        if self.data.ndim < 2 and not given:
            return Tensor.from_op(self.data, (self, same))
        swap = lambda array: np.swapaxes(array, *axes)
        return Tensor.from_op(swap(self.data), (self, swap))

    # ---- reductions ----

    def sum(self, axis=None, keepdims=False):
        widen = self._widening(axis)
        return Tensor.from_op(self.data.sum(axis=axis, keepdims=keepdims), (self, widen))

    def mean(self, axis=None, keepdims=False):
        widen = self._widening(axis)
        average = self.data.mean(axis=axis, keepdims=keepdims)
        share = average.size / self.size
        return Tensor.from_op(average, (self, lambda g: widen(g) * share))

    def max(self, axis=None, keepdims=False):
        widen = self._widening(axis)
        best = self.data.max(axis=axis, keepdims=True)
        at_best = np.equal(self.data, best).astype(np.float32)
        at_best /= at_best.sum(axis=axis, keepdims=True)
        result = best if keepdims else best.reshape(self.data.max(axis=axis).shape)
        return Tensor.from_op(result, (self, lambda g: widen(g) * at_best))

    def _widening(self, axis):
        """A function from a gradient of a reduction to one of this tensor's shape."""
        kept = np.sum(self.data, axis=axis, keepdims=True).shape
        return lambda g: np.tile(g.reshape(kept), np.floor_divide(self.shape, kept))


def same(gradient):
    return gradient


def scaled_by(slope):
    return lambda gradient: gradient * slope


def add_up(gradient, shape):
    """Sum over the axes that broadcasting added in front or stretched."""
    missing = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(missing)))
    for axis in [i for i, n in enumerate(shape) if n == 1]:
        gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def as_tensor(value):
    return value if isinstance(value, Tensor) else Tensor(value)


def as_array(value):
    return value.data if isinstance(value, Tensor) else np.asarray(value, dtype=np.float32)
