"""Convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import check, grad, raised, values

from . import cases
from .cases import backprop, conv, slow


@slow(
    inputs=cases.plain,
    corners=(cases.LARGE_PLAIN,),
    hint="At each place, multiply patch and kernel, sum, add the bias.",
)
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
    corners=(cases.LARGE,),
    hint="Each window sends v times the kernel back to its place; add up.",
)
def conv_grad_x(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Conv2d, with a bias or not, passes a gradient to its input; uncovered rows get zeros."""
    layer, x = conv(api.Conv2d, weight, bias, **how), api.Tensor(x, requires_grad=True)
    return {"output": backprop(layer(x), v), "grad of x": grad(x, of="x")}


@slow(
    inputs=cases.convolution,
    corners=(cases.LARGE,),
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
