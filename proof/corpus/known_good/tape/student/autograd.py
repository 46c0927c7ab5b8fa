"""Module 05: read the tape backwards; what comes later on it was computed later."""

import numpy as np

from .tensor import Tensor, add_up, as_array, tape


def enable_autograd():
    tape.on = True
    Tensor.backward = backward
    Tensor.zero_grad = zero_grad


def backward(self, gradient=None):
    if gradient is None:
        if self.size > 1:
            raise ValueError(f"cannot start from 1 at a tensor of shape {self.shape}")
        gradient = np.ones(self.shape)
    totals = {self.key: np.array(as_array(gradient), dtype=np.float64).reshape(self.shape)}
    leaves = [self]
    for step in tape.read_backwards():
        if step.key not in totals:
            continue  # some other computation
        total = totals[step.key].astype(np.float32)
        for tensor, rule in zip(step.inputs, step.rules):
            part = add_up(np.asarray(rule(total)), tensor.shape)
            totals[tensor.key] = totals.get(tensor.key, 0.0) + part
            if tensor.step is None:
                leaves.append(tensor)
    store(leaves, totals)


def store(leaves, totals):
    for leaf in leaves:
        if leaf.step is None and leaf.requires_grad and leaf.key in totals:
            total = totals.pop(leaf.key).astype(np.float32)
            leaf.grad = total if leaf.grad is None else as_array(leaf.grad) + total


def zero_grad(self):
    self.grad = None


enable_autograd()
