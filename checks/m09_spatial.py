"""Checks of module 09, spatial: convolution, pooling, batch normalisation; `v` is the cotangent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.engine.check import Inputs, check
from checks.engine.scenario import grad, raised, values

if TYPE_CHECKING:
    from checks.engine.draw import Draw

NAMES = ("Conv2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d")

slow = partial(check, examples=25)  # nested loops take their time


def conv(conv2d: Any, weight: Any, bias: Any, **how: Any) -> Any:
    """Return a Conv2d with this weight and bias; a square kernel's size is given as one number."""
    outputs, inputs, height, width = weight.shape
    layer = conv2d(inputs, outputs, height if height == width else (height, width), **how)
    layer.weight.data, layer.bias.data = weight.copy(), bias.copy()
    return layer


def norm(batchnorm2d: Any, gamma: Any, beta: Any, **how: float) -> Any:
    """Return a BatchNorm2d with this gamma and beta."""
    layer = batchnorm2d(len(gamma), **how)
    layer.gamma.data, layer.beta.data = gamma.copy(), beta.copy()
    return layer


def backprop(out: Any, v: Any) -> Any:
    """Run out.backward(v) and return out."""
    out.backward(v)
    return out


def convolution(draw: Draw, strides: Any = (1, 2, 3), paddings: Any = (0, 1, 2)) -> Inputs:
    """Images, a kernel, how it moves, and a cotangent."""
    kernel = draw.choice(([2, 2], [1, 1], [2, 3], [3, 1], [3, 3]))
    stride, padding, outputs = draw.choice(strides), draw.choice(paddings), draw.choice((1, 2, 3))
    shape, (batch, _, *places) = draw.windows(kernel, stride, padding)
    weight, bias = draw.grid((outputs, shape[1], *kernel)), draw.grid((outputs,))
    how, v = {"stride": stride, "padding": padding}, draw.nonzero((batch, outputs, *places))
    return {"x": draw.grid(shape), "weight": weight, "bias": bias, "how": how, "v": v}


def pooling(draw: Draw, *plans: tuple[int, int | None, int], above: int = 0) -> Inputs:
    """Images without equal values, a plan (kernel, stride, padding), and a cotangent."""
    kernel, stride, padding = draw.choice(plans)
    shape, places = draw.windows((kernel, kernel), stride or kernel, padding)
    how = {"kernel_size": kernel, "stride": stride, "padding": padding}
    return {"x": draw.distinct(shape) + above, "how": how, "v": draw.nonzero(places)}


def positive(draw: Draw) -> Inputs:
    """Images above zero, pooled in all ways, most of them with padding or overlapping windows."""
    plans = ((2, 2, 0), (2, 2, 1), (2, 1, 1), (3, 2, 1), (3, 1, 0), (1, 2, 0))
    return pooling(draw, *plans, above=9)


def normalisation(draw: Draw) -> Inputs:
    """Images of four or more different values per channel, a scale, a shift, and a cotangent."""
    shape = draw.choice(((2, 1, 1, 2), (1, 2, 2, 2), (3, 2, 1, 2), (2, 3, 2, 1), (2, 2, 1, 3)))
    affine = {"gamma": draw.grid(shape[1:2]), "beta": draw.grid(shape[1:2])}
    return {"x": draw.distinct(shape), **affine, "v": draw.nonzero(shape)}


def without(inputs: Inputs, *names: str) -> Inputs:
    """Leave out what a check does not use."""
    return {name: value for name, value in inputs.items() if name not in names}


def plain(draw: Draw) -> Inputs:
    """Images and a kernel that moves by 1, without padding."""
    return without(convolution(draw, (1,), (0,)), "how", "v")


def batch(draw: Draw) -> Inputs:
    """What the forward of a BatchNorm2d needs."""
    return without(normalisation(draw), "v") | {"eps": draw.choice((0.125, 1e-5))}


@slow(inputs=plain, hint="At each place, multiply patch and kernel, sum it all, add the bias.")
def conv_correlates(api: Any, x: Any, weight: Any, bias: Any) -> dict[str, Any]:
    """Conv2d is the cross-correlation with each kernel, square or not, plus the channel's bias."""
    return {"output": conv(api.Conv2d, weight, bias)(api.Tensor(x))}


@slow(
    inputs=lambda draw: without(convolution(draw), "v"),
    hint="Pad all four sides; then there are (side + 2 * padding - kernel) // stride + 1 places.",
)
def conv_steps(api: Any, x: Any, weight: Any, bias: Any, how: Any) -> dict[str, Any]:
    """Conv2d takes any stride and padding, and leaves its input as it is."""
    x = api.Tensor(x)
    return {"output": conv(api.Conv2d, weight, bias, **how)(x), "x afterwards": x}


@slow(inputs=convolution, hint="Each window sends v times the kernel back to its place; add up.")
def conv_grad_x(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Conv2d passes a gradient to its input, also where no window covers the last rows."""
    layer, x = conv(api.Conv2d, weight, bias, **how), api.Tensor(x, requires_grad=True)
    return {"output": backprop(layer(x), v), "grad of x": grad(x)}


@slow(inputs=convolution, hint="A window adds v times its patch to the weight's, v to the bias's.")
def conv_grad_weight(api: Any, x: Any, weight: Any, bias: Any, how: Any, v: Any) -> dict[str, Any]:
    """Conv2d passes gradients to its weight and bias, also if its input needs none."""
    layer = conv(api.Conv2d, weight, bias, **how)
    out, weight, bias = backprop(layer(api.Tensor(x)), v), layer.weight, layer.bias
    return {"output": out, "grad of weight": grad(weight), "grad of bias": grad(bias)}


@slow(inputs=plain, hint="Without a bias, self.bias is None: add nothing and train nothing.")
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


def he_scaled(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Measure: of 2,000 numbers the variance strays by 30 % less than once in 10**12 runs."""
    w = answer["weight"].array
    near = 1.4 < w.var() * w[0].size < 2.6 and abs(w.mean()) < w.std() / 5
    return {"mean 0, variance about 2 / (in_channels * kh * kw)": bool(near)}


@slow(
    inputs=lambda draw: {"inputs": draw.choice((4, 8)), "kernel": draw.choice(([3, 3], [2, 5]))},
    hint="Scale standard normal numbers by the root of 2 / (in_channels * kh * kw).",
    view=he_scaled,
)
def conv_starts_scaled(api: Any, inputs: int, kernel: list[int]) -> dict[str, Any]:
    """Conv2d's weight starts at random, with mean 0 and He's variance."""
    return {"weight": values(api.Conv2d(inputs, 64, tuple(kernel)).weight)}


@slow(inputs=plain, hint="Compare len(x.shape) with 4 and x.shape[1] with in_channels first.")
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
    inputs=lambda draw: plain(draw) | {"stride": [2, 1], "padding": [draw.choice((1, 0)), 2]},
    hint="Read n as the pair (n, n); rows take the first number, columns the second.",
    stretch=True,
)
def conv_pairs(api: Any, x: Any, weight: Any, bias: Any, stride: Any, padding: Any) -> Any:
    """Conv2d takes pairs (vertical, horizontal) for stride and padding."""
    layer = conv(api.Conv2d, weight, bias, stride=tuple(stride), padding=tuple(padding))
    return {"output": layer(api.Tensor(x))}


@slow(
    inputs=lambda draw: without(pooling(draw, (2, None, 0), (2, 1, 0), (3, 2, 0)), "v"),
    hint="stride=None means the kernel's own size; no window reaches over the edge.",
)
def max_pools(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """MaxPool2d takes the largest value of every window; its stride defaults to the kernel."""
    return {"output": api.MaxPool2d(**how)(api.Tensor(x))}


@slow(
    inputs=lambda draw: without(pooling(draw, (2, 2, 1), (2, 1, 1), (3, 2, 1), above=-9), "v"),
    hint="Pad with -np.inf: zeros would win over negative numbers.",
)
def max_ignores_padding(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """The padding of MaxPool2d never wins, not even over negative numbers."""
    return {"output": api.MaxPool2d(**how)(api.Tensor(x))}


@slow(inputs=positive, hint="Send v to where each maximum came from; add where windows overlap.")
def max_grad(api: Any, x: Any, how: Any, v: Any) -> dict[str, Any]:
    """MaxPool2d passes the gradient of each window to its largest value; overlaps add up."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.MaxPool2d(**how)(x), v), "grad of x": grad(x)}


def is_subgradient(answer: dict[str, Any], x: Any, v: Any) -> dict[str, Any]:
    """Compare what all subgradients have in common: shares of v, for maxima only, that sum to v."""
    windows = (*v.shape[:3], 2, v.shape[3], 2)
    each, spread = x.reshape(windows), answer["grad of x"].array.reshape(windows)
    shares = spread / v[:, :, :, None, :, None]
    fair = (shares >= 0).all() and not shares[each < each.max((3, 5), keepdims=True)].any()
    sums = {"grad of x, summed over each window": spread.sum((3, 5))}
    return {"output": answer["output"].array, **sums, "only maxima have a share": bool(fair)}


@slow(
    inputs=lambda draw: {"x": 1.0 * draw.mask((2, 1, 2, 4)), "v": draw.nonzero((2, 1, 1, 2))},
    hint="Choose one of the equal maxima, or share v among them.",
    view=is_subgradient,
)
def max_grad_of_ties(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Equal maxima of a window share its gradient: their parts sum to it."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.MaxPool2d(2, 2)(x), v), "grad of x": grad(x)}


@slow(
    inputs=lambda draw: without(pooling(draw, (2, None, 0), (2, None, 1), (3, 1, 1)), "v"),
    hint="Always divide by kh * kw, also where part of the window is padding.",
)
def average_pools(api: Any, x: Any, how: Any) -> dict[str, Any]:
    """AvgPool2d takes the mean of every window, zeros of the padding included."""
    return {"output": api.AvgPool2d(**how)(api.Tensor(x))}


@slow(inputs=positive, hint="Each window sends v / (kh * kw) to all its places; overlaps add up.")
def average_grad(api: Any, x: Any, how: Any, v: Any) -> dict[str, Any]:
    """AvgPool2d passes each window's gradient to all its places in equal parts."""
    x = api.Tensor(x, requires_grad=True)
    return {"output": backprop(api.AvgPool2d(**how)(x), v), "grad of x": grad(x)}


@slow(
    inputs=lambda draw: {"x": draw.distinct((1, 2, 4, 5)), "kernel": draw.choice(([1, 2], [3, 2]))},
    hint="Read the pair as (kh, kw), rows first.",
    stretch=True,
)
def pools_take_pairs(api: Any, x: Any, kernel: list[int]) -> dict[str, Any]:
    """The windows of both poolings may be rectangular: kernel_size=(kh, kw)."""
    largest, mean = api.MaxPool2d(tuple(kernel), 1), api.AvgPool2d(tuple(kernel), 1)
    return {"maxima": largest(api.Tensor(x)), "means": mean(api.Tensor(x))}


@check(inputs=batch, hint="Mean and biased variance over axes 0, 2 and 3, for each channel.")
def norm_of_batch(api: Any, x: Any, gamma: Any, beta: Any, eps: float) -> dict[str, Any]:
    """In training, BatchNorm2d is gamma * (x - mean) / sqrt(var + eps) + beta, per channel."""
    layer, x = norm(api.BatchNorm2d, gamma, beta, eps=eps), api.Tensor(x)
    layer.train()
    return {"output": layer(x), "x afterwards": x}


def unbiased(api: Any, x: Any, momentum: float) -> dict[str, Any]:
    """Keep the unbiased variance, larger by n / (n - 1) for n numbers in a channel."""
    answer, n = norm_keeps_statistics.scenario(api, x, momentum), x[:, 0].size
    start = (1 - momentum) ** 2
    return {**answer, "running_var": start + n / (n - 1) * (answer["running_var"] - start)}


@check(
    inputs=lambda draw: {"x": normalisation(draw)["x"], "momentum": draw.choice((0.1, 0.25, 0.75))},
    hint="running = (1 - momentum) * running + momentum * batch, for mean and variance.",
    also=(unbiased,),
)
def norm_keeps_statistics(api: Any, x: Any, momentum: float) -> dict[str, Any]:
    """Training moves running_mean and running_var, at first 0 and 1, towards each batch's."""
    layer = api.BatchNorm2d(x.shape[1], momentum=momentum)
    layer.train()
    layer(api.Tensor(x))
    layer(api.Tensor(2 * x + 1))
    mean, var = values(layer.running_mean), values(layer.running_var)
    return {"running_mean": np.ravel(mean), "running_var": np.ravel(var)}


@check(inputs=batch, hint="eval() uses the running statistics and leaves them as they are.")
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
    inputs=lambda draw: normalisation(draw) | {"mode": draw.choice(("eval", "train"))},
    hint="In training, the batch's mean and variance depend on x as well.",
)
def norm_grad(api: Any, x: Any, gamma: Any, beta: Any, v: Any, mode: str) -> dict[str, Any]:
    """BatchNorm2d passes gradients to gamma, beta and its input, after train() and after eval()."""
    layer, x = norm(api.BatchNorm2d, gamma, beta), api.Tensor(x, requires_grad=True)
    layer.eval() if mode == "eval" else layer.train()
    y, gamma, beta = backprop(layer(x), v), layer.gamma, layer.beta
    return {"y": y, "grad of gamma": grad(gamma), "grad of beta": grad(beta), "grad of x": grad(x)}
