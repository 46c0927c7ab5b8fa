"""Pooling."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check, grad

from . import cases
from .cases import backprop, slow


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
