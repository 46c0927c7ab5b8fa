"""Module 01: a Tensor that remembers where it came from."""

import numpy as np


def as_array(value):
    """The numbers inside a Tensor, or the value itself as a float32 array."""
    return value.data if isinstance(value, Tensor) else np.asarray(value, dtype=np.float32)


def as_tensor(value):
    """Wrap numbers and arrays, leave Tensors alone."""
    return value if isinstance(value, Tensor) else Tensor(value)


def shrink(grad, shape):
    """Sum a gradient over the axes that broadcasting had added or stretched."""
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and grad.shape[axis] != 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def record(data, parents, push):
    """A result Tensor; push(g) gives the gradient of each parent, in order."""
    result = Tensor(data)
    for parent in parents:
        if parent.requires_grad:
            result.requires_grad = True
    if result.requires_grad:
        result.parents = parents
        result.push = push
    return result


def reduced_axes(axis, ndim):
    """The axes a reduction removes, as a list of non-negative numbers."""
    if axis is None:
        return list(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    return [one % ndim for one in axes]


def spread(grad, axis, keepdims, ndim):
    """Put the axes back that a reduction without keepdims has dropped."""
    if not keepdims:
        for one in sorted(reduced_axes(axis, ndim)):
            grad = np.expand_dims(grad, one)
    return grad


def mark_last_max(array, axis):
    """An array of 0 and 1: 1 at the last place of the maximum of each group."""
    axes = reduced_axes(axis, array.ndim)
    kept = [one for one in range(array.ndim) if one not in axes]
    moved = np.transpose(array, kept + axes)
    mark = np.zeros(moved.shape, dtype=np.float32)
    for group in np.ndindex(*moved.shape[: len(kept)]):
        best = None
        for place in np.ndindex(*moved.shape[len(kept) :]):
            if best is None or moved[group + place] >= moved[group + best]:
                best = place
        mark[group + best] = 1.0
    return np.transpose(mark, np.argsort(kept + axes))


def rows_times_columns(a, b):
    """The matrix product, one entry at a time."""
    result = np.zeros((a.shape[0], b.shape[1]), dtype=np.float32)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            result[i, j] = np.dot(a[i, :], b[:, j])
    return result


def matmul_gradients(a, b, g):
    """Gradients of a @ b; a vector is treated as a matrix with one row or column."""
    left = a[None, :] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    if b.ndim == 1:
        g = np.expand_dims(g, -1)
    if a.ndim == 1:
        g = np.expand_dims(g, -2)
    grad_left = shrink(g @ np.swapaxes(right, -1, -2), left.shape)
    grad_right = shrink(np.swapaxes(left, -1, -2) @ g, right.shape)
    return grad_left.reshape(a.shape), grad_right.reshape(b.shape)


class Tensor:
    """An array of float32 numbers, its gradient, and the step that made it."""

    __array_ufunc__ = None  # lets "array * tensor" reach __rmul__

    def __init__(self, data, requires_grad=False):
        self.data = np.array(as_array(data), dtype=np.float32, order="C")
        self.requires_grad = requires_grad
        self.grad = None
        self.parents = ()
        self.push = None

    @property
    def shape(self):
        return self.data.shape

    @property
    def size(self):
        return self.data.size

    @property
    def dtype(self):
        return self.data.dtype

    def __repr__(self):
        return f"Tensor({self.data.tolist()}, shape={self.shape})"

    def __len__(self):
        return len(self.data)

    def numpy(self):
        return self.data

    def __add__(self, other):
        other = as_tensor(other)

        def push(g):
            return shrink(g, self.shape), shrink(g, other.shape)

        return record(self.data + other.data, (self, other), push)

    def __sub__(self, other):
        other = as_tensor(other)

        def push(g):
            return shrink(g, self.shape), shrink(-g, other.shape)

        return record(self.data - other.data, (self, other), push)

    def __mul__(self, other):
        other = as_tensor(other)

        def push(g):
            return shrink(g * other.data, self.shape), shrink(g * self.data, other.shape)

        return record(self.data * other.data, (self, other), push)

    def __truediv__(self, other):
        other = as_tensor(other)

        def push(g):
            grad_other = -g * self.data / (other.data * other.data)
            return shrink(g / other.data, self.shape), shrink(grad_other, other.shape)

        return record(self.data / other.data, (self, other), push)

    def __pow__(self, power):
        return record(
            self.data**power,
            (self,),
            lambda g: (g * power * self.data ** (power - 1),),
        )

    def __neg__(self):
        return self * -1.0

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return as_tensor(other) / self

    def exp(self):
        result = np.exp(self.data)
        return record(result, (self,), lambda g: (g * result,))

    def log(self):
        return record(np.log(self.data), (self,), lambda g: (g / self.data,))

    def matmul(self, other):
        if not isinstance(other, Tensor):
            raise TypeError(f"matmul needs a Tensor, not {type(other).__name__}")
        a, b = self.data, other.data
        if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
            raise ValueError(f"cannot multiply shapes {a.shape} and {b.shape}")
        product = rows_times_columns(a, b) if a.ndim == b.ndim == 2 else np.matmul(a, b)
        return record(product, (self, other), lambda g: matmul_gradients(a, b, g))

    def __matmul__(self, other):
        return self.matmul(other)

    def __getitem__(self, key):
        def push(g):
            grad = np.zeros_like(self.data)
            np.add.at(grad, key, g)
            return (grad,)

        return record(self.data[key], (self,), push)

    def reshape(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        if shape.count(-1) > 1:
            raise ValueError(f"only one -1 is allowed, not {shape}")
        return record(self.data.reshape(shape), (self,), lambda g: (g.reshape(self.shape),))

    def flatten(self):
        return self.reshape(-1)

    def transpose(self, dim0=None, dim1=None):
        if (dim0 is None) != (dim1 is None):
            raise ValueError("transpose needs both dimensions or none")
        if self.data.ndim < 2:
            return record(self.data, (self,), lambda g: (g,))
        if dim0 is None:
            dim0, dim1 = -2, -1
        swapped = np.swapaxes(self.data, dim0, dim1)
        return record(swapped, (self,), lambda g: (np.swapaxes(g, dim0, dim1),))

    def sum(self, axis=None, keepdims=False):
        def push(g):
            return (np.broadcast_to(spread(g, axis, keepdims, self.data.ndim), self.shape),)

        return record(self.data.sum(axis=axis, keepdims=keepdims), (self,), push)

    def mean(self, axis=None, keepdims=False):
        count = 1
        for one in reduced_axes(axis, self.data.ndim):
            count = count * self.shape[one]
        return self.sum(axis=axis, keepdims=keepdims) / count

    def max(self, axis=None, keepdims=False):
        def push(g):
            return (mark_last_max(self.data, axis) * spread(g, axis, keepdims, self.data.ndim),)

        return record(self.data.max(axis=axis, keepdims=keepdims), (self,), push)

    def zero_grad(self):
        self.grad = None

    def backward(self, gradient=None):
        if not self.requires_grad:
            raise RuntimeError("nothing in this computation requires a gradient")
        if gradient is None:
            if self.size != 1:
                raise ValueError(f"backward() needs a gradient of shape {self.shape}")
            gradient = 1.0
        gradients = {id(self): np.broadcast_to(as_array(gradient), self.shape)}
        for tensor in reversed(children_last(self)):
            hand_back(tensor, gradients)


def hand_back(tensor, gradients):
    """Store a finished gradient and pass its shares to the parents."""
    g = gradients[id(tensor)]
    tensor.grad = Tensor(g if tensor.grad is None else as_array(tensor.grad) + g)
    if tensor.push is None:
        return
    for parent, share in zip(tensor.parents, tensor.push(g)):
        if parent.requires_grad:
            before = gradients.get(id(parent))
            gradients[id(parent)] = share if before is None else before + share


def children_last(root):
    """Every tensor that needs a gradient, parents before what was made of them."""
    order, seen = [], set()
    stack = [(root, False)]
    while stack:
        tensor, parents_done = stack.pop()
        if parents_done:
            order.append(tensor)
        elif id(tensor) not in seen:
            seen.add(id(tensor))
            stack.append((tensor, True))
            for parent in tensor.parents:
                if parent.requires_grad:
                    stack.append((parent, False))
    return order
