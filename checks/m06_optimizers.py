"""Checks of module 06, optimizers: the update rules, then what every optimizer does alike.

`p` and `q` are parameters, `g` and `h` their gradients, one for each step. They are assigned by
hand, so that the rules are judged apart from autograd.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs, check, grad, raised, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("Optimizer", "SGD", "Adam", "AdamW")


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
    hint="Shrink p itself by the factor 1 - lr * weight_decay; gradient and moments know nothing.",
    also=(decay_last,),
)
def adamw(
    api: Any, p: Any, g: Any, lr: float, betas: list[float], weight_decay: float
) -> dict[str, Any]:
    """AdamW shrinks p by 1 - lr * weight_decay beside Adam's step."""
    p = api.Tensor(p, requires_grad=True)
    take_steps(api.AdamW([p], lr=lr, betas=tuple(betas), weight_decay=weight_decay), (p, g))
    return {"p": p}


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


@check(inputs=descent, hint="Only AdamW decays unless it is told to, by 0.01.")
def default_decay(api: Any, p: Any, g: Any, lr: float) -> dict[str, Any]:
    """Without weight_decay, SGD and Adam do not decay; AdamW does, by 0.01."""
    p, q, r = (api.Tensor(p, requires_grad=True) for _ in range(3))
    take_steps(api.SGD([p], lr=lr), (p, 0 * g))
    take_steps(api.Adam([q], lr=lr), (q, 0 * g))
    take_steps(api.AdamW([r], lr=lr), (r, 0 * g))
    return {"p of SGD": p, "q of Adam": q, "r of AdamW": r}


def two(draw: Draw) -> Inputs:
    """Two parameters, of one shape or of two, and as many gradients for each."""
    count, shape = draw.choice((2, 3)), draw.shape(1, 2)
    other = draw.choice((shape, (*shape, 2), (3,)))
    p, g = draw.grid(shape), draw.nonzero((count, *shape))
    return {"p": p, "g": g, "q": draw.grid(other), "h": draw.nonzero((count, *other))}


@check(inputs=two, hint="Keep one momentum buffer for each parameter, in its shape.")
def sgd_several(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """SGD updates every parameter, each with its own momentum."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    take_steps(api.SGD([p, q], lr=0.5, momentum=0.5), (p, g), (q, h))
    return {"p": p, "q": q}


@check(
    inputs=two, hint="Keep both moments for each parameter; count a step once, not per parameter."
)
def adam_several(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """Adam and AdamW update every parameter, each with its own moments."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    take_steps(api.Adam([p, q], lr=0.5, betas=(0.5, 0.75)), (p, g), (q, h))
    take_steps(api.AdamW([q, p], lr=0.5, betas=(0.5, 0.75), weight_decay=0.0), (p, g), (q, h))
    return {"p": p, "q": q}


@check(inputs=two, hint="State belongs to the instance: set it in __init__, on self.")
def no_shared_state(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """Optimizers share no state: neither two in turns nor one after another."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    kinds: Any = (api.SGD, {"momentum": 0.5}), (api.Adam, {}), (api.AdamW, {"weight_decay": 0.0})
    for kind, settings in kinds:
        first, second = kind([p], lr=0.5, **settings), kind([q], lr=0.5, **settings)
        take_steps(first, (p, g))
        take_steps(second, (q, h))
        take_steps(first, (p, g))
        take_steps(kind([p], lr=0.5, **settings), (p, g))
    return {"p": p, "q": q}


@check(inputs=two, hint="Nothing happens to a parameter without a gradient: no decay, no momentum.")
def sgd_skips(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """SGD skips a parameter while its grad is None."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    optimizer = api.SGD([q, p], lr=0.5, momentum=0.5, weight_decay=0.5)
    take_steps(optimizer, (p, g))
    untouched = values(q)
    take_steps(optimizer, (q, h), (p, g))
    q.grad = None
    take_steps(optimizer, (p, g))
    take_steps(optimizer, (q, h), (p, g))
    return {"p": p, "q": q, "q as long as its grad was None": untouched}


@check(inputs=two, hint="Nothing happens to a parameter without a gradient, not even decay.")
def adam_skips(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """Adam and AdamW skip a parameter whose grad is None."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    take_steps(api.Adam([q, p], lr=0.5, weight_decay=0.5), (p, g))
    take_steps(api.AdamW([q, p], lr=0.5, weight_decay=0.5), (p, 0 * g))  # in either order
    return {"p": p, "q": q}


@check(inputs=two, hint="Compute with a copy: g += ... writes into p.grad.")
def keeps_gradients(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """A step leaves the stored gradients as they are."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    take_steps(api.SGD([p], lr=0.5, momentum=0.5, weight_decay=0.5), (p, g))
    take_steps(api.Adam([q], lr=0.5, weight_decay=0.5), (q, h))
    r = api.Tensor(g[0], requires_grad=True)
    take_steps(api.AdamW([r], lr=0.5, weight_decay=0.5), (r, g))
    return {"p": p, "q": q, "p.grad": grad(p), "q.grad": grad(q), "r.grad": grad(r)}


@check(inputs=two, hint="Look at requires_grad of every parameter in __init__.")
def refuses_constants(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """A parameter without requires_grad raises ValueError."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q)
    take_steps(api.SGD([p], lr=0.5), (p, g))
    return {
        "p": p,
        "SGD([p, q])": raised(lambda: api.SGD([p, q])),
        "Adam([p, q])": raised(lambda: api.Adam([p, q])),
        "AdamW([q])": raised(lambda: api.AdamW([q])),
    }


def held(p: Any) -> Any:
    """Return a copy of p.grad, where None counts as zeros: zero_grad may leave either."""
    return np.zeros(p.shape) if p.grad is None else grad(p)


@check(inputs=two, hint="Do it for every parameter: gradients add up until somebody resets them.")
def zero_grad(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """After optimizer.zero_grad() the grad of every parameter is None or zeros."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    sgd, adam = api.SGD([p, q], lr=0.5), api.Adam([p, q], lr=0.5)
    take_steps(sgd, (p, g), (q, h))
    sgd.zero_grad()
    first = held(p)
    take_steps(adam, (p, g), (q, h))
    adam.zero_grad()
    return {"p": p, "p.grad after SGD": first, "p.grad": held(p), "q.grad": held(q)}


@check(inputs=two, hint="Start at 0 in __init__ and add 1 in every step().")
def step_count(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """step_count is the number of steps made so far."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    sgd, adam, adamw = api.SGD([p, q]), api.Adam([p, q]), api.AdamW([p, q])
    take_steps(sgd, (p, g), (q, h))
    take_steps(adamw, (p, g[:1]), (q, h[:1]))
    return {"SGD": sgd.step_count, "Adam": adam.step_count, "AdamW": adamw.step_count}


@check(inputs=two, hint="p stays the same Tensor; only its data changes, and keeps its float32.")
def trains(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """Steps taken with the gradients of backward() move the parameters and keep their form."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    optimizer = api.SGD([p, q], lr=0.125, momentum=0.5)
    for upstream, other in zip(g, h, strict=True):
        optimizer.zero_grad()
        (p * p).backward(upstream)
        (q * q).backward(other)
        optimizer.step()
    return {"p": p, "p.shape": p.shape, "q": q}
