"""05 Autograd: reverse-mode differentiation over the edges that operations record.

Importing this module turns recording on. `backward` visits each tensor once, after the
contributions of all its consumers have arrived, so a graph costs time linear in its edges however
many paths lead through it, and it uses a list instead of recursion, so depth does not matter.
"""

from __future__ import annotations

from collections import abc

import numpy as np

from .tensor import Array, Operand, Tensor, as_array


def backward(self: Tensor, gradient: Operand | None = None) -> None:
    """Add the gradient of this tensor to `.grad` of every leaf it was computed from."""
    arrived = {self: _seed(self, gradient)}
    waiting = _count_consumers(self)
    ready = [self]
    while ready:
        node = ready.pop()
        cotangent = arrived.pop(node)
        if node.requires_grad and not node.edges:
            _accumulate(node, cotangent)
        for parent, product in node.edges:
            part = _sum_to_shape(as_array(product(cotangent)), parent.shape)
            arrived[parent] = arrived[parent] + part if parent in arrived else part
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)


def zero_grad(self: Tensor) -> None:
    """Forget the accumulated gradient."""
    self.grad = None


def enable_autograd() -> None:
    """Give tensors `backward` and `zero_grad` and let operations record; twice is as once."""
    Tensor.backward = backward
    Tensor.zero_grad = zero_grad
    Tensor.recording = True


class Function:
    """Base class for an operation whose gradient is written by hand.

    Subclasses define `forward` on arrays, keeping on `self` what `backward` needs, and `backward`
    from the cotangent of the result to one cotangent per input; `apply` calls it on tensors.
    """

    def forward(self, *inputs: Array) -> Array:
        """Compute the result."""
        raise NotImplementedError

    def backward(self, cotangent: Array) -> tuple[Array, ...]:
        """Compute the cotangent of every input."""
        raise NotImplementedError

    @classmethod
    def apply(cls, *inputs: Tensor) -> Tensor:
        """Run a fresh instance on tensors and record it."""
        call = cls()
        result = call.forward(*(tensor.data for tensor in inputs))

        def product(position: int) -> abc.Callable[[Array], Array]:
            return lambda g: call.backward(g)[position]

        return Tensor.from_op(result, *((t, product(i)) for i, t in enumerate(inputs)))


def _seed(root: Tensor, gradient: Operand | None) -> Array:
    """Return the cotangent to start from: 1 for a scalar, otherwise what the caller gives."""
    if gradient is None:
        if root.size != 1:
            raise ValueError(f"backward() of shape {root.shape} needs a gradient: not a scalar")
        return np.ones_like(root.data)
    seed = as_array(gradient)
    if seed.shape != root.shape:
        raise ValueError(f"gradient of shape {seed.shape} given to a tensor of {root.shape}")
    return seed


def _count_consumers(root: Tensor) -> dict[Tensor, int]:
    """Count how often each tensor is used on the way to the root."""
    consumers = {root: 0}
    unexplored = [root]
    while unexplored:
        for parent, _ in unexplored.pop().edges:
            if parent not in consumers:
                consumers[parent] = 0
                unexplored.append(parent)
            consumers[parent] += 1
    return consumers


def _sum_to_shape(g: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: sum over the axes that were added or broadcast from length 1."""
    if g.shape == shape:
        return g
    added = g.ndim - len(shape)
    stretched = [added + axis for axis, side in enumerate(shape) if side == 1]
    return np.reshape(g.sum(axis=(*range(added), *stretched)), shape)


def _accumulate(leaf: Tensor, cotangent: Array) -> None:
    """Add to the leaf's gradient, always in a new array that nothing else refers to."""
    before = np.zeros_like(leaf.data) if leaf.grad is None else as_array(leaf.grad)
    leaf.grad = np.asarray(before + cotangent, dtype=Tensor.precision)


enable_autograd()
