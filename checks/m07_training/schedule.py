"""The learning rate, and clipping gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import check, grad

from . import cases
from .model import parameter


@check(
    inputs=cases.schedules,
    hint="cos(pi * epoch / total_epochs) falls from 1 to -1: shift and scale it, and stop there.",
)
def cosine_falls(api: Any, high: float, low: float, epochs: int) -> dict[str, Any]:
    """get_lr falls from max_lr along half a cosine and stays at min_lr from total_epochs on."""
    schedule, usual = api.CosineSchedule(high, low, epochs), api.CosineSchedule()
    return {
        "rates": np.array([schedule.get_lr(epoch) for epoch in range(epochs)], float),
        "later": np.array([schedule.get_lr(epoch) for epoch in range(epochs, 3 * epochs)], float),
        "rates by default": np.array([usual.get_lr(epoch) for epoch in (0, 25, 50, 99)], float),
    }


@check(
    inputs=lambda draw: cases.gradients(draw, 0.5, 0.125),
    hint="Measure all gradients first, then multiply each by the same max_norm / norm.",
)
def clip_scales_together(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """Gradients whose common norm is above max_norm (1 by default) are scaled down to it."""
    p, q, r = (parameter(api.Tensor, gradient) for gradient in (g, h, 8 * g))
    norms = np.array([api.clip_grad_norm([p, q], limit), api.clip_grad_norm([r])], float)
    return {
        "grad of p": grad(p, of="p"),
        "grad of q": grad(q, of="q"),
        "grad of r": grad(r, of="r"),
        "norms": norms,
    }


@check(
    inputs=lambda draw: cases.gradients(draw, 1.5, 8.0),
    hint="Scale only if the norm exceeds max_norm, and skip what has no gradient.",
)
def clip_leaves_small(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """clip_grad_norm leaves gradients alone whose common norm is below max_norm, and None too."""
    p, q = parameter(api.Tensor, g), parameter(api.Tensor, h)
    unused, zero = api.Tensor(g, requires_grad=True), parameter(api.Tensor, 0 * g)
    return {
        "norm": api.clip_grad_norm([unused, p, q], limit),
        "norm of zeros": api.clip_grad_norm([zero], limit),
        "grad of p": grad(p, of="p"),
        "grad of q": grad(q, of="q"),
        "unused.grad": unused.grad,
    }
