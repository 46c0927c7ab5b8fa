"""Batch normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import check, grad, values

from . import cases
from .cases import backprop, norm


@check(inputs=cases.batch, hint="Mean and biased variance over axes 0, 2 and 3, for each channel.")
def norm_of_batch(api: Any, x: Any, gamma: Any, beta: Any, eps: float) -> dict[str, Any]:
    """In training, BatchNorm2d is gamma * (x - mean) / sqrt(var + eps) + beta, per channel."""
    layer, x = norm(api.BatchNorm2d, gamma, beta, eps=eps), api.Tensor(x)
    layer.train()
    return {"output": layer(x), "x afterwards": x}


def unbiased(api: Any, x: Any, momentum: float | None) -> dict[str, Any]:
    """Keep the unbiased variance, larger by n / (n - 1) for n numbers in a channel."""
    answer, n = norm_keeps_statistics.scenario(api, x, momentum), x[:, 0].size
    start = (1 - (momentum or 0.1)) ** 2
    return {**answer, "running_var": start + n / (n - 1) * (answer["running_var"] - start)}


@check(
    inputs=lambda draw: {
        "x": cases.normalisation(draw)["x"],
        "momentum": draw.choice((0.25, 0.75, None)),
    },
    hint="running = (1 - momentum) * running + momentum * batch, for mean and variance.",
    also=(unbiased,),
)
def norm_keeps_statistics(api: Any, x: Any, momentum: float | None) -> dict[str, Any]:
    """Training moves running_mean and running_var from 0 and 1 by momentum, 0.1 if not given."""
    how = {} if momentum is None else {"momentum": momentum}
    layer = api.BatchNorm2d(x.shape[1], **how)
    for images in (x, 2 * x + 1):
        layer.train()
        layer(api.Tensor(images))
    mean, var = values(layer.running_mean), values(layer.running_var)
    return {"running_mean": np.ravel(mean), "running_var": np.ravel(var)}


@check(inputs=cases.batch, hint="eval() uses the running statistics and leaves them as they are.")
def norm_evaluates(api: Any, x: Any, gamma: Any, beta: Any, eps: float) -> dict[str, Any]:
    """After eval(), BatchNorm2d uses the running statistics unchanged; train() undoes it."""
    layer, t = norm(api.BatchNorm2d, gamma, beta, eps=eps, momentum=0.5), api.Tensor(x)
    layer.train()
    layer(api.Tensor(0 * x + 2))  # of variance 0, biased or not
    layer.eval()
    once, again = layer(t), layer(t)
    layer.train()
    return {"after eval()": once, "once more": again, "after train()": layer(t)}


@check(
    inputs=lambda draw: cases.normalisation(draw) | {"mode": draw.choice(("eval", "train"))},
    hint="In training, the batch's mean and variance depend on x as well.",
)
def norm_grad(api: Any, x: Any, gamma: Any, beta: Any, v: Any, mode: str) -> dict[str, Any]:
    """BatchNorm2d passes gradients to gamma, beta and its input, after train() and after eval()."""
    layer, t = norm(api.BatchNorm2d, gamma, beta, momentum=0.5), api.Tensor(0 * x + 2)
    layer.train()
    layer(t)  # of variance 0, biased or not
    x = api.Tensor(x, requires_grad=True)
    layer.eval() if mode == "eval" else layer.train()
    y, gamma, beta = backprop(layer(x), v), layer.gamma, layer.beta
    return {
        "y": y,
        "grad of gamma": grad(gamma, of="gamma"),
        "grad of beta": grad(beta, of="beta"),
        "grad of x": grad(x, of="x"),
    }


@check(
    inputs=cases.normalisation,
    hint="Keep what backward needs with each result, not in self; running statistics are numbers.",
    view=cases.together_as_apart,
    examples=8,
)
def norm_called_again(api: Any, x: Any, gamma: Any, beta: Any, v: Any) -> dict[str, Any]:
    """Gradients of several calls of one BatchNorm2d add up to those of its calls one by one."""
    layer, first, second = (norm(api.BatchNorm2d, gamma, beta) for _ in range(3))
    t, u, before = (api.Tensor(image, requires_grad=True) for image in (x, x, 0 * x + 2))
    for each in (layer, first, second):
        each.train()
    layer(before), first(before)  # of variance 0, biased or not
    layer.eval(), first.eval()
    output, alone = layer(t), first(u)
    layer.train()
    later, other = layer(api.Tensor(1.0 - x)), second(api.Tensor(1.0 - x))
    for call in (output, later, alone, other):
        call.backward(v)
    return {
        "gamma, together": grad(layer.gamma),
        "gamma, apart": grad(first.gamma) + grad(second.gamma),
        "input, together": grad(t),
        "input, apart": grad(u),
        "gradient of the batch before": grad(before),
    }
