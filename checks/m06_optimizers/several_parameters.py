"""What optimizers do with several parameters, and what they leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs, check, grad, raised, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
from .cases import take_steps


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


@check(inputs=two, hint="Keep list(params) before all else: an iterator can be used up only once.")
def takes_iterators(api: Any, p: Any, g: Any, q: Any, h: Any) -> dict[str, Any]:
    """Optimizers take their parameters from an iterator, too."""
    p, q = api.Tensor(p, requires_grad=True), api.Tensor(q, requires_grad=True)
    take_steps(api.SGD(iter([p, q]), lr=0.5), (p, g), (q, h))
    take_steps(api.Adam(iter([p, q]), lr=0.5), (p, g), (q, h))
    take_steps(api.AdamW(iter([p, q]), lr=0.5, weight_decay=0.0), (p, g), (q, h))
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
