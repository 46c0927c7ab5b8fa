"""Module 05: depth first with a stack; every tensor on the way keeps its gradient, as a Tensor."""

import numpy as np

from .tensor import Tensor, as_array


class Function:
    """Optional base class; my operations are closures, so it has nothing to do."""


def enable_autograd():
    Tensor.backward = backward
    Tensor.zero_grad = zero_grad
    Tensor.recording = True


def zero_grad(self):
    self.grad = Tensor(np.zeros(self.shape))


def backward(self, gradient=None):
    if gradient is None:
        if self.data.ndim > 0 and self.data.size > 1:
            raise RuntimeError("only a scalar knows its own gradient; pass one")
        gradient = np.ones(self.shape)
    if isinstance(gradient, Tensor):
        gradient = gradient.data
    start = np.zeros(self.shape, dtype=np.float32) + gradient

    flowing = {id(self): start}  # what arrived in this call, apart from older gradients
    for tensor in reversed(in_order(self)):
        flow = flowing[id(tensor)]
        if tensor.requires_grad:
            old = 0.0 if tensor.grad is None else as_array(tensor.grad)
            tensor.grad = Tensor(old + flow)
        for parent, derivative in tensor.edges:
            part = fit(np.asarray(derivative(flow)), parent.shape)
            if id(parent) in flowing:
                flowing[id(parent)] = flowing[id(parent)] + part
            else:
                flowing[id(parent)] = part


def in_order(last):
    """All tensors that `last` was made from, each after its own parents; no recursion."""
    order = []
    visited = {id(last)}
    stack = [(last, iter(last.edges))]
    while stack:
        tensor, parents = stack[-1]
        for parent, _ in parents:
            if id(parent) not in visited:
                visited.add(id(parent))
                stack.append((parent, iter(parent.edges)))
                break
        else:
            order.append(tensor)
            stack.pop()
    return order


def fit(gradient, shape):
    """Undo broadcasting, one axis at a time."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


enable_autograd()
