"""Checks of module 09, spatial: convolution, pooling, batch normalisation; `v` is the cotangent."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from gradgate.authoring import check, grad, raised, values

from . import spatial_cases as cases
from .spatial_cases import backprop, conv, norm

NAMES = ("Conv2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d")

slow = partial(check, examples=25)  # nested loops take their time


@slow(inputs=cases.plain, hint="At each place, multiply patch and kernel, sum, add the bias.")
def conv_correlates(api: Any, x: Any, weight: Any, bias: Any) -> dict[str, Any]:
    """Conv2d is the cross-correlation with each kernel, square or not, plus the channel's bias."""
    return {"output": conv(api.Conv2d, weight, bias)(api.Tensor(x))}


@slow(
    inputs=lambda draw: cases.without(cases.convolution(draw), "v"),
    hint="Pad all four sides; then there are (side + 2 * padding - kernel) // stride + 1 places.",
)
def conv_steps(api: Any, x: Any, weight: Any, bias: Any, how: Any) -> dict[str, Any]:
    """Conv2d takes any stride and padding, and leaves its input as it is."""
    x = api.Tensor(x)
    return {"output": conv(api.Conv2d, weight, bias, **how)(x), "x afterwards": x}


@slow(
    inputs=cases.with_or_without_bias,
    hint="Each window sends v times the kernel back to its place; add up.",
)
def conv_grad_x(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Conv2d, with a bias or not, passes a gradient to its input; uncovered rows get zeros."""
    layer, x = conv(api.Conv2d, weight, bias, **how), api.Tensor(x, requires_grad=True)
    return {"output": backprop(layer(x), v), "grad of x": grad(x, of="x")}


@slow(
    inputs=cases.convolution,
    hint="A window adds v times its patch to the weight's, v to the bias's.",
)
def conv_grad_weight(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Conv2d passes gradients to its weight and bias, also if its input needs none."""
    layer = conv(api.Conv2d, weight, bias, **how)
    out, weight, bias = backprop(layer(api.Tensor(x)), v), layer.weight, layer.bias
    return {
        "output": out,
        "grad of weight": grad(weight, of="weight"),
        "grad of bias": grad(bias, of="bias"),
    }


@check(
    inputs=cases.convolution,
    hint="Keep what backward needs with each result, not in self, and let backward add gradients.",
    view=cases.together_as_apart,
    examples=8,
)
def conv_called_again(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Gradients of several calls of one Conv2d add up to those of its calls one by one."""
    layer, first, second = (conv(api.Conv2d, weight, bias, **how) for _ in range(3))
    t, u = (api.Tensor(x, requires_grad=True) for _ in range(2))
    for call in [layer(t), layer(t), layer(api.Tensor(1.0 - x))]:
        call.backward(v)
    first(u).backward(v), second(api.Tensor(1.0 - x)).backward(v)
    return {
        "weight, together": grad(layer.weight),
        "weight, apart": grad(first.weight) * 2 + grad(second.weight),
        "input of two calls, together": grad(t),
        "input of two calls, apart": grad(u) * 2,
    }


@slow(inputs=cases.plain, hint="Without a bias, self.bias is None: add nothing and train nothing.")
def conv_parameters(api: Any, x: Any, weight: Any, bias: Any) -> dict[str, Any]:
    """Conv2d trains weight (O, I, kh, kw) and bias (O,), or no bias with bias=False."""
    outputs, inputs, *kernel = weight.shape
    layer, bare = (api.Conv2d(inputs, outputs, tuple(kernel), bias=b) for b in (True, False))
    bare.weight.data = weight.copy()
    return {
        "shapes": (*layer.weight.data.shape, *layer.bias.data.shape),
        "requires_grad": np.array([p.requires_grad for p in layer.parameters()]),
        "bare.bias": bare.bias,
        "len(bare.parameters())": len(bare.parameters()),
        "output without bias": bare(api.Tensor(x)),
    }


@slow(
    inputs=lambda draw: {"inputs": draw.choice((4, 8)), "kernel": draw.choice(([3, 3], [2, 5]))},
    hint="Scale standard normal numbers by the root of 2 / (in_channels * kh * kw).",
    view=cases.he_scaled,
)
def conv_starts_scaled(api: Any, inputs: int, kernel: list[int]) -> dict[str, Any]:
    """Conv2d's weight starts at random, with mean 0 and He's variance."""
    return {"weight": values(api.Conv2d(inputs, 64, tuple(kernel)).weight)}


@slow(inputs=cases.plain, hint="Compare len(x.shape) with 4 and x.shape[1] with in_channels first.")
def conv_refuses(api: Any, x: Any, weight: Any, bias: Any) -> dict[str, Any]:
    """Conv2d raises ValueError unless its input has 4 axes and in_channels channels."""
    layer = conv(api.Conv2d, weight, bias)
    return {
        "output": layer(api.Tensor(x)),
        "for 3 axes": raised(lambda: layer(api.Tensor(x[0]))),
        "for twice the channels": raised(lambda: layer(api.Tensor(np.repeat(x, 2, axis=1)))),
        "for a channel less": raised(lambda: layer(api.Tensor(x[:, 1:]))),
    }


@check(
    inputs=lambda draw: cases.plain(draw) | {"stride": [2, 1], "padding": [draw.choice((1, 0)), 2]},
    hint="Read n as the pair (n, n); rows take the first number, columns the second.",
    stretch=True,
)
def conv_pairs(api: Any, x: Any, weight: Any, bias: Any, stride: Any, padding: Any) -> Any:
    """Conv2d takes pairs (vertical, horizontal) for stride and padding."""
    layer = conv(api.Conv2d, weight, bias, stride=tuple(stride), padding=tuple(padding))
    return {"output": layer(api.Tensor(x))}


@slow(
    inputs=lambda draw: cases.without(cases.pooling(draw, (2, None, 0), (2, 1, 0), (3, 2, 0)), "v"),
    hint="stride=None means the kernel's own size; no window reaches over the edge.",
)
def max_pools(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """MaxPool2d takes the largest value of every window; its stride defaults to the kernel."""
    return {"output": api.MaxPool2d(**how)(api.Tensor(x))}


@slow(
    inputs=lambda draw: cases.without(
        cases.pooling(draw, (2, 2, 1), (2, 1, 1), (3, 2, 1), above=-9), "v"
    ),
    hint="Pad with -np.inf: zeros would win over negative numbers.",
)
def max_ignores_padding(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """The padding of MaxPool2d never wins, not even over negative numbers."""
    x = api.Tensor(x)
    return {"output": api.MaxPool2d(**how)(x), "x afterwards": x}


@slow(inputs=cases.positive, hint="Send v to where each maximum came from; overlaps add up.")
def max_grad(api: Any, x: Any, how: Any, v: Any) -> dict[str, Any]:
    """MaxPool2d passes the gradient of each window to its largest value; overlaps add up."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.MaxPool2d(**how)(x), v), "grad of x": grad(x, of="x")}


@slow(
    inputs=lambda draw: {"x": 1.0 * draw.mask((2, 1, 2, 4)), "v": draw.nonzero((2, 1, 1, 2))},
    hint="Choose one of the equal maxima, or share v among them.",
    view=cases.is_subgradient,
)
def max_grad_of_ties(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Equal maxima of a window share its gradient: their parts sum to it."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.MaxPool2d(2, 2)(x), v), "grad of x": grad(x, of="x")}


@slow(
    inputs=lambda draw: cases.without(
        cases.pooling(draw, (2, None, 0), (2, None, 1), (3, 1, 1)), "v"
    ),
    hint="Always divide by kh * kw, also where part of the window is padding.",
)
def average_pools(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """AvgPool2d takes the mean of every window, zeros of the padding included."""
    x = api.Tensor(x)
    return {"output": api.AvgPool2d(**how)(x), "x afterwards": x}


@slow(
    inputs=cases.positive, hint="Send v / (kh * kw) to all of a window's places; overlaps add up."
)
def average_grad(api: Any, x: Any, how: Any, v: Any) -> dict[str, Any]:
    """AvgPool2d passes each window's gradient to all its places in equal parts."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.AvgPool2d(**how)(x), v), "grad of x": grad(x, of="x")}


@check(
    inputs=cases.positive,
    hint="Keep what backward needs with each result, not in self, and let backward add gradients.",
    view=cases.together_as_apart,
    examples=8,
)
def pools_called_again(api: Any, x: Any, how: Any, v: Any) -> dict[str, Any]:
    """Gradients of several calls of one pooling layer add up to those of its calls one by one."""
    largest, mean = api.MaxPool2d(**how), api.AvgPool2d(**how)
    t, u, w = (api.Tensor(x, requires_grad=True) for _ in range(3))
    calls = [mean(t), largest(t), largest(t), mean(api.Tensor(-x)), largest(api.Tensor(-x))]
    for call in calls[:3]:
        call.backward(v)
    largest(u).backward(v), mean(w).backward(v)
    return {"input, together": grad(t), "input, apart": grad(u) * 2 + grad(w)}


@slow(
    inputs=lambda draw: {"x": draw.distinct((1, 2, 4, 5)), "kernel": draw.choice(([1, 2], [3, 2]))},
    hint="Read the pair as (kh, kw), rows first.",
    stretch=True,
)
def pools_take_pairs(api: Any, x: Any, kernel: list[int]) -> dict[str, Any]:
    """The windows of both poolings may be rectangular: kernel_size=(kh, kw)."""
    largest, mean = api.MaxPool2d(tuple(kernel), 1), api.AvgPool2d(tuple(kernel), 1)
    return {"maxima": largest(api.Tensor(x)), "means": mean(api.Tensor(x))}


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
