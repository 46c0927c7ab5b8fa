"""Module 05: Kahn's order over the contexts; a gradient is new at first and then added to in place."""

from collections import Counter, deque

import numpy as np

from .tensor import Tensor, as_array  # before functions, which it imports itself
from .functions import Function, shrink

__all__ = ["Function", "enable_autograd"]


def enable_autograd():
    Function.recording = True
    Tensor.backward = backward


def parents_of(tensor):
    """The inputs that need a gradient, each as often as it was used."""
    if tensor.ctx is None:
        return []
    return [parent for parent, need in zip(tensor.ctx.parents, tensor.ctx.needs) if need]


def count_uses(root):
    uses, seen, queue = Counter(), {root}, deque([root])
    while queue:
        for parent in parents_of(queue.popleft()):
            uses[parent] += 1
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return uses


def backward(self, gradient=None):
    if gradient is None:
        if self.size != 1:
            raise RuntimeError(f"backward() needs a scalar or a gradient; shape is {self.shape}")
        gradient = np.ones(self.shape, dtype=np.float32)
    uses = count_uses(self)
    arrived = {self: np.array(as_array(gradient)).reshape(self.shape)}
    queue = deque([self])
    while queue:
        tensor = queue.popleft()
        total = arrived.pop(tensor)
        if tensor.ctx is None:
            deposit(tensor, total)
            continue
        parts = tensor.ctx.function.backward(tensor.ctx, total)
        for parent, need, part in zip(tensor.ctx.parents, tensor.ctx.needs, parts):
            if not need:
                continue
            part = shrink(np.asarray(part, dtype=np.float32), parent.shape)
            if parent in arrived:
                arrived[parent] += part
            else:
                arrived[parent] = np.array(part)
            uses[parent] -= 1
            if not uses[parent]:
                queue.append(parent)


def deposit(leaf, total):
    if leaf.requires_grad:
        if leaf.grad is None:
            leaf.grad = total
        else:
            leaf.grad = as_array(leaf.grad) + total


enable_autograd()
