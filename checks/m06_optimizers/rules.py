"""The update rules: SGD, Adam, AdamW."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs, check

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
from .cases import decay, descent, moments, take_steps


@check(inputs=descent, hint="Move against the gradient, and keep the result in p.data.")
def sgd(api: Any, p: Any, g: Any, lr: float) -> dict[str, Any]:
    """SGD subtracts lr times the gradient in every step."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.SGD([p], lr=lr), (p, g))
    return {"p": p}


@check(
    inputs=lambda draw: descent(draw) | {"momentum": draw.choice((0.5, 0.9))},
    hint="Each parameter has a buffer, zero at first: shrink it, then add the whole gradient.",
)
def sgd_momentum(api: Any, p: Any, g: Any, lr: float, momentum: float) -> dict[str, Any]:
    """SGD with momentum moves by lr times a buffer v = momentum * v + g."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.SGD([p], lr=lr, momentum=momentum), (p, g))
    return {"p": p}


@check(
    inputs=lambda draw: descent(draw) | {"momentum": draw.choice((0.5, 0.0)), "weight_decay": 0.25},
    hint="The decay is a part of the gradient, so it enters the momentum buffer as well.",
)
def sgd_weight_decay(
    api: Any, p: Any, g: Any, lr: float, momentum: float, weight_decay: float
) -> dict[str, Any]:
    """SGD adds weight_decay * p to the gradient, ahead of the momentum."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.SGD([p], lr=lr, momentum=momentum, weight_decay=weight_decay), (p, g))
    return {"p": p}


@check(inputs=moments, hint="Divide both moments by 1 - beta**t, where t is 1 in the first step.")
def adam(api: Any, p: Any, g: Any, lr: float, betas: list[float]) -> dict[str, Any]:
    """Adam divides the mean of the gradients by the root of their mean square, bias-corrected."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.Adam([p], lr=lr, betas=tuple(betas)), (p, g))
    return {"p": p}


@check(
    inputs=lambda draw: moments(draw) | {"eps": draw.choice((0.125, 0.5))},
    hint="Correct the bias first, then take the root, then add eps.",
)
def adam_epsilon(api: Any, p: Any, g: Any, lr: float, betas: list[float], eps: float) -> Any:
    """Adam adds eps to the root, not under it."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.Adam([p], lr=lr, betas=tuple(betas), eps=eps), (p, g))
    return {"p": p}


@check(inputs=decay, hint="Add the decay to the gradient before either moment is updated.")
def adam_weight_decay(
    api: Any, p: Any, g: Any, lr: float, betas: list[float], weight_decay: float
) -> dict[str, Any]:
    """Adam adds weight_decay * p to the gradient, so it enters both moments."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.Adam([p], lr=lr, betas=tuple(betas), weight_decay=weight_decay), (p, g))
    return {"p": p}


def decay_last(
    api: Any, p: Any, g: Any, lr: float, betas: list[float], weight_decay: float
) -> dict[str, Any]:
    """Answer with the other accepted order: Adam's step first, then the decay."""
    p = api.Tensor(p, requires_grad=True)
    optimizer = api.Adam([p], lr=lr, betas=tuple(betas))
    for gradient in g:
        take_steps(optimizer, (p, [gradient]))
        p.data = p.data * (1 - lr * weight_decay)
    return {"p": p}


@check(
    inputs=decay,
    hint="Shrink p itself by the factor 1 - lr * weight_decay, not the gradient or the moments.",
    also=(decay_last,),
)
def adamw(
    api: Any, p: Any, g: Any, lr: float, betas: list[float], weight_decay: float
) -> dict[str, Any]:
    """AdamW shrinks p by 1 - lr * weight_decay, apart from Adam's step."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.AdamW([p], lr=lr, betas=tuple(betas), weight_decay=weight_decay), (p, g))
    return {"p": p}


@check(
    inputs=lambda draw: descent(draw) | {"later": draw.choice((0.25, 1.0, 0.01))},
    hint="Multiply by self.lr in step itself; the buffer of the momentum holds no lr.",
)
def lr_may_change(api: Any, p: Any, g: Any, lr: float, later: float) -> dict[str, Any]:
    """A change of optimizer.lr counts from the next step on."""
    q, r, s = (api.Tensor(p, requires_grad=True) for _ in range(3))
    sgd = api.SGD([q], lr=lr, momentum=0.5)
    adam, adamw = api.Adam([r], lr=lr), api.AdamW([s], lr=lr, weight_decay=0.0)
    for optimizer, parameter in ((sgd, q), (adam, r), (adamw, s)):
        take_steps(optimizer, (parameter, g))
        optimizer.lr = later
        take_steps(optimizer, (parameter, g))
    return {"p by SGD with momentum": q, "p by Adam": r, "p by AdamW": s}


def faint(draw: Draw) -> Inputs:
    """Gradients, usual or as faint as Adam's default eps; p starts at zero, so no digit is lost."""
    g = descent(draw)["g"]
    return {"g": g * np.float32(draw.choice((1.0, 2.0**-24)))}


@check(inputs=faint, hint="The signatures in the stub name every default.")
def default_settings(api: Any, g: Any) -> dict[str, Any]:
    """lr, momentum, betas and eps have the defaults of the contract."""
    p, q, r = (api.Tensor(np.zeros_like(g[0]), requires_grad=True) for _ in range(3))
    take_steps(api.SGD([p]), (p, g))
    take_steps(api.Adam([q]), (q, g))
    take_steps(api.AdamW([r]), (r, g))
    return {"p of SGD": p, "q of Adam": q, "r of AdamW": r}


@check(inputs=descent, hint="AdamW decays by 0.01, the others by 0 unless weight_decay is given.")
def default_decay(api: Any, p: Any, g: Any, lr: float) -> dict[str, Any]:
    """Without weight_decay, SGD and Adam do not decay; AdamW does, by 0.01."""
    p, q, r = (api.Tensor(p, requires_grad=True) for _ in range(3))
    take_steps(api.SGD([p], lr=lr), (p, 0 * g))
    take_steps(api.Adam([q], lr=lr), (q, 0 * g))
    take_steps(api.AdamW([r], lr=lr), (r, 0 * g))
    return {"p of SGD": p, "q of Adam": q, "r of AdamW": r}
