"""Parameters, their gradients for each step, and settings.

Gradients are set by hand, so that the rules are judged apart from autograd: `p` and `q` are
parameters, `g` and `h` their gradients, one for each step.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw


def take_steps(optimizer: Any, *pairs: tuple[Any, Any]) -> None:
    """Before every step, set p.grad = gradient for each pair of p and its gradients."""
    for gradients in zip(*(g for _, g in pairs), strict=True):
        for (p, _), gradient in zip(pairs, gradients, strict=True):
            p.grad = in_own_form(p, gradient)
        optimizer.step()


def in_own_form(p: Any, gradient: Any) -> Any:
    """Return the gradient as an array, or as a Tensor where backward() stores Tensors."""
    tensor = type(p)
    probe = tensor([1.0], requires_grad=True)
    with suppress(Exception):  # whether autograd works is judged in its own module
        (probe * 1.0).backward(np.ones(1, np.float32))
    return tensor(gradient) if isinstance(probe.grad, tensor) else gradient.copy()


def descent(draw: Draw) -> Inputs:
    """A parameter, its gradients in up to three steps, some of zeros, and a learning rate."""
    shape = draw.shape(1, 2)
    g = draw.nonzero((draw.integer(1, 3), *shape))
    g[-1] *= draw.choice((1, 1, 0))
    return {"p": draw.grid(shape), "g": g, "lr": draw.choice((0.5, 0.125, 0.1))}


def moments(draw: Draw) -> Inputs:
    """A descent with decay rates of both moments, as a list: JSON has no tuples."""
    return descent(draw) | {"betas": draw.choice(([0.5, 0.75], [0.9, 0.999], [0.0, 0.5]))}


def decay(draw: Draw) -> Inputs:
    """A descent with moments and a weight decay that counts."""
    return moments(draw) | {"weight_decay": draw.choice((0.5, 0.1))}
