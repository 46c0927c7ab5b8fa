"""The cases of the spatial checks: their layers, what they draw, what a view measures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gradgate.authoring import Inputs, Large, check

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

slow = partial(check, examples=25)  # nested loops take their time


def conv(conv2d: Any, weight: Any, bias: Any, **how: Any) -> Any:
    """Return a Conv2d with this weight and bias; a square kernel's size is given as one number."""
    outputs, inputs, height, width = weight.shape
    size = height if height == width else (height, width)
    layer = conv2d(inputs, outputs, size, bias=bias is not None, **how)
    layer.weight.data = weight.copy()
    if bias is not None:
        layer.bias.data = bias.copy()
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


# Strides and paddings; every second leaves rows or columns uncovered in most of its draws.
STEPS = ((1, 0), (2, 0), (1, 1), (3, 0), (2, 1), (2, 0), (3, 2), (3, 0))


LARGE_PLAIN = {
    "x": Large((3, 5, 12, 11), seed=1),
    "weight": Large((6, 5, 3, 3), seed=2),
    "bias": Large((6,), seed=3),
}
LARGE = {**LARGE_PLAIN, "how": {"stride": 2, "padding": 1}, "v": Large((3, 6, 6, 6), seed=4)}


def convolution(draw: Draw, steps: Sequence[tuple[int, int]] = STEPS) -> Inputs:
    """Images, a kernel, how it moves, and a cotangent."""
    kernel = draw.choice(([2, 2], [1, 1], [2, 3], [3, 1], [3, 3]))
    (stride, padding), outputs = draw.choice(steps), draw.choice((1, 2, 3))
    shape, (batch, _, *places) = draw.windows(kernel, stride, padding)
    weight, bias = draw.grid((outputs, shape[1], *kernel)), draw.grid((outputs,))
    how, v = {"stride": stride, "padding": padding}, draw.nonzero((batch, outputs, *places))
    return {"x": draw.grid(shape), "weight": weight, "bias": bias, "how": how, "v": v}


def with_or_without_bias(draw: Draw) -> Inputs:
    """A convolution, every second without a bias."""
    inputs = convolution(draw)
    return inputs | {"bias": draw.choice((None, inputs["bias"]))}


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
    return without(convolution(draw, ((1, 0),)), "how", "v")


def batch(draw: Draw) -> Inputs:
    """What the forward of a BatchNorm2d needs."""
    return without(normalisation(draw), "v") | {"eps": draw.choice((0.125, 1e-5))}


def he_scaled(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Measure: of 2,000 numbers the variance strays by 30 % less than once in 10**12 runs."""
    w = answer["weight"].array
    near = 1.4 < w.var() * w[0].size < 2.6 and abs(w.mean()) < w.std() / 5
    return {
        "mean 0, variance about 2 / (in_channels * kh * kw)": bool(near),
        "each output channel has a kernel of its own": not (w == w[:1]).all(),
    }


def is_subgradient(answer: dict[str, Any], x: Any, v: Any) -> dict[str, Any]:
    """Compare what all subgradients have in common: shares of v, for maxima only, that sum to v."""
    windows = (*v.shape[:3], 2, v.shape[3], 2)
    each, spread = x.reshape(windows), answer["grad of x"].array.reshape(windows)
    shares = spread / v[:, :, :, None, :, None]
    fair = (shares >= 0).all() and not shares[each < each.max((3, 5), keepdims=True)].any()
    sums = {"grad of x, summed over each window": spread.sum((3, 5))}
    return {"output": answer["output"].array, **sums, "only maxima have a share": bool(fair)}


def together_as_apart(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Compare the gradients of several calls with each other, right or wrong."""
    apart = {name.removesuffix(", apart"): a.array for name, a in answer.items() if "apart" in name}
    return {
        f"gradient of {name}: together - apart": (answer[f"{name}, together"].array - each)
        / (1 + abs(each).max())
        for name, each in apart.items()
    }
