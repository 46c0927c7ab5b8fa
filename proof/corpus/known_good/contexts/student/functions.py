"""All operations of the Tensor: a forward, and a backward that finds what it needs in a context."""

import numpy as np

from .tensor import Tensor, as_array, as_tensor


class Context:
    """What one call of a Function remembers."""

    def __init__(self, operation, parents):
        self.function = operation
        self.parents = parents
        self.needs = [parent.requires_grad for parent in parents]

    def save(self, *things):
        self.saved = things


class Function:
    recording = False

    @staticmethod
    def forward(ctx, *arrays, **options):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, gradient):
        raise NotImplementedError

    @classmethod
    def apply(cls, *parents, **options):
        ctx = Context(cls, parents)
        result = Tensor(cls.forward(ctx, *(parent.data for parent in parents), **options))
        if Function.recording and any(ctx.needs):
            result.requires_grad = True
            result.ctx = ctx
        return result


def shrink(gradient, shape):
    """Sum a gradient to the shape that broadcasting has stretched."""
    lead = gradient.ndim - len(shape)
    gradient = np.add.reduce(gradient, axis=tuple(range(lead))) if lead else gradient
    ones = tuple(axis for axis, n in enumerate(shape) if n == 1 and gradient.shape[axis] > 1)
    return np.add.reduce(gradient, axis=ones, keepdims=True) if ones else gradient


class Custom(Function):
    @staticmethod
    def forward(ctx, *arrays, data, rules):
        ctx.save([rule for _, rule in rules])
        return data

    @staticmethod
    def backward(ctx, gradient):
        (rules,) = ctx.saved
        return [rule(gradient) if need else None for rule, need in zip(rules, ctx.needs)]


class Add(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, gradient):
        return gradient, gradient


class Multiply(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save(a, b)
        return a * b

    @staticmethod
    def backward(ctx, gradient):
        a, b = ctx.saved
        return gradient * b, gradient * a


class Invert(Function):
    """1 / a."""

    @staticmethod
    def forward(ctx, a):
        inverse = 1 / a
        ctx.save(inverse)
        return inverse

    @staticmethod
    def backward(ctx, gradient):
        (inverse,) = ctx.saved
        return (-gradient * inverse * inverse,)


class Power(Function):
    @staticmethod
    def forward(ctx, a, exponent):
        ctx.save(a, exponent)
        return a**exponent

    @staticmethod
    def backward(ctx, gradient):
        a, exponent = ctx.saved
        return (gradient * exponent * a ** (exponent - 1),)


class Exp(Function):
    @staticmethod
    def forward(ctx, a):
        result = np.exp(a)
        ctx.save(result)
        return result

    @staticmethod
    def backward(ctx, gradient):
        return (gradient * ctx.saved[0],)


class Log(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save(a)
        return np.log(a)

    @staticmethod
    def backward(ctx, gradient):
        return (gradient / ctx.saved[0],)


class MatMul(Function):
    """Four cases, by hand: with a vector on the left, on the right, on both sides or on none."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save(a, b)
        return np.matmul(a, b)

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved
        if a.ndim == 1 and b.ndim == 1:
            return g * b, g * a
        if b.ndim == 1:
            return g[..., np.newaxis] * b, np.tensordot(g, a, axes=g.ndim)
        if a.ndim == 1:
            to_a = (b * g[..., np.newaxis, :]).sum(axis=-1)
            return to_a, a[:, np.newaxis] * g[..., np.newaxis, :]
        return g @ b.swapaxes(-2, -1), a.swapaxes(-2, -1) @ g


class Index(Function):
    @staticmethod
    def forward(ctx, a, key):
        ctx.save(a.shape, key)
        return a[key]

    @staticmethod
    def backward(ctx, gradient):
        shape, key = ctx.saved
        result = np.zeros(shape, dtype=np.float32)
        np.add.at(result, key, gradient)
        return (result,)


class Reshape(Function):
    @staticmethod
    def forward(ctx, a, shape):
        ctx.save(a.shape)
        return a.reshape(shape)

    @staticmethod
    def backward(ctx, gradient):
        return (gradient.reshape(ctx.saved[0]),)


class Swap(Function):
    @staticmethod
    def forward(ctx, a, dims):
        ctx.save(dims)
        return np.swapaxes(a, *dims) if dims else a

    @staticmethod
    def backward(ctx, gradient):
        dims = ctx.saved[0]
        return (np.swapaxes(gradient, *dims) if dims else gradient,)


class Sum(Function):
    @staticmethod
    def forward(ctx, a, axis, keepdims):
        ctx.save(a, axis, keepdims)
        return np.sum(a, axis=axis, keepdims=keepdims)

    @staticmethod
    def backward(ctx, gradient):
        a, axis, keepdims = ctx.saved
        return (np.ones_like(a) * reopened(gradient, axis, keepdims),)


class Max(Function):
    """Along one axis all maxima get the whole gradient, divided by how many they are."""

    @staticmethod
    def forward(ctx, a, axis, keepdims):
        top = np.amax(a, axis=axis, keepdims=True)
        ctx.save(a == top, axis, keepdims)
        return np.amax(a, axis=axis, keepdims=keepdims)

    @staticmethod
    def backward(ctx, gradient):
        winners, axis, keepdims = ctx.saved
        count = np.count_nonzero(winners, axis=axis, keepdims=True)
        return (np.where(winners, reopened(gradient, axis, keepdims) / count, 0),)


def reopened(gradient, axis, keepdims):
    if keepdims or axis is None:
        return gradient
    return np.expand_dims(gradient, axis)


def install(cls):
    """Give the Tensor its operators."""

    def binary(function, prepare=lambda tensor: tensor, swapped=False):
        def operator(self, other):
            left, right = (as_tensor(other), self) if swapped else (self, as_tensor(other))
            return function.apply(left, prepare(right))

        return operator

    def negative(tensor):
        return Multiply.apply(tensor, Tensor(-1))

    cls.__add__ = cls.__radd__ = binary(Add)
    cls.__mul__ = cls.__rmul__ = binary(Multiply)
    cls.__sub__ = binary(Add, negative)
    cls.__rsub__ = binary(Add, negative, swapped=True)
    cls.__truediv__ = binary(Multiply, Invert.apply)
    cls.__rtruediv__ = binary(Multiply, Invert.apply, swapped=True)
    cls.__neg__ = negative
    cls.__pow__ = lambda self, exponent: Power.apply(self, exponent=exponent)
    cls.__getitem__ = lambda self, key: Index.apply(self, key=key)
    cls.exp = lambda self: Exp.apply(self)
    cls.log = lambda self: Log.apply(self)
    cls.matmul = cls.__matmul__ = matmul
    cls.reshape, cls.flatten, cls.transpose = reshape, lambda self: self.reshape(-1), transpose
    cls.sum, cls.mean, cls.max = total, mean, largest


def matmul(self, other):
    """The product of two tensors, as np.matmul has it."""
    if not isinstance(other, Tensor):
        raise TypeError(f"unsupported operand for @: {type(other).__name__}, wrap it in a Tensor")
    a, b = self.shape, other.shape
    if not a or not b or a[-1] != (b[-2] if len(b) > 1 else b[0]):
        raise ValueError(f"cannot matmul {list(a)} with {list(b)}")
    return MatMul.apply(self, other)


def reshape(self, *shape):
    if len(shape) == 1:
        shape = shape[0]
    return Reshape.apply(self, shape=shape)


def transpose(self, dim0=None, dim1=None):
    if (dim0 is None) + (dim1 is None) == 1:
        raise ValueError("transpose takes two dims or none")
    dims = (dim0, dim1)
    if dim0 is None:
        dims = (-1, -2) if len(self.shape) > 1 else ()
    return Swap.apply(self, dims=dims)


def total(self, axis=None, keepdims=False):
    return Sum.apply(self, axis=axis, keepdims=keepdims)


def mean(self, axis=None, keepdims=False):
    result = total(self, axis, keepdims)
    return result / (self.size / result.size)


def largest(self, axis=None, keepdims=False):
    return Max.apply(self, axis=axis, keepdims=keepdims)
