"""Checks of module 03, layers: Layer, Linear and Dropout, forward only; Sequential as stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import EXACT, Inputs, check, raised

from .layer_views import (
    compare_calls,
    compare_counts,
    expect_zeros,
    fill_in_dropped,
    judge_shares,
    judge_variances,
    only_bias,
    tell_apart,
)

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("Layer", "Linear", "Dropout", "Sequential")

RATES = (0.5, 0.25, 0.75)


def array(draw: Draw) -> Inputs:
    """An array of one to three axes, without zeros."""
    return {"x": draw.nonzero(draw.shape(1, 3))}


def affine(draw: Draw, *leading: int) -> Inputs:
    """An input with as many leading axes as one of `leading` says, a weight and a bias."""
    features, outputs = draw.shape(2, 2)
    axes = draw.choice(leading)
    return {
        "x": draw.grid((*draw.shape(axes, axes), features)),
        "w": draw.grid((features, outputs)),
        "b": draw.grid((outputs,)),
    }


def double(layer: Any, x: Any) -> Any:
    """A forward method: x + x."""
    return x + x


@check(inputs=array, hint="Layer.__call__ hands what it is given on to self.forward.")
def layers_call_forward(api: Any, x: Any) -> dict[str, Any]:
    """An object of a subclass of Layer, with a forward method of its own, can be called."""
    layer = type("Double", (api.Layer,), {"forward": double})()
    return {"layer(x)": layer(api.Tensor(x))}


@check(
    inputs=lambda draw: {"sizes": list(draw.shape(2, 2))},
    hint="weight has in_features rows and out_features columns; bias is np.zeros(out_features).",
    view=only_bias,
)
def linear_shapes(api: Any, sizes: list[int]) -> dict[str, Any]:
    """Linear(in_features, out_features) has a weight (in, out) and a bias (out,) of zeros."""
    layer = api.Linear(*sizes)
    return {"weight": layer.weight, "bias": layer.bias}


@check(inputs=lambda draw: affine(draw, 1), hint="x @ weight + bias, with Tensor's own @ and +.")
def linear_forward(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Linear computes x @ weight + bias, called or through forward."""
    layer, t = api.Linear(*w.shape), api.Tensor(x)
    layer.weight.data[...] = w
    layer.bias.data[...] = b
    return {"layer(x)": layer(t), "layer.forward(x)": layer.forward(t)}


@check(
    inputs=lambda draw: affine(draw, 0, 2, 3),
    hint="@ and + already treat leading axes as batches: do not reshape, do not ask for 2-D.",
)
def linear_of_batches(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Linear takes (in,), (N, T, in) and any other leading shape, and keeps it."""
    layer = api.Linear(*w.shape)
    layer.weight.data[...] = w
    layer.bias.data[...] = b
    return {"layer(x)": layer(api.Tensor(x))}


@check(inputs=lambda draw: affine(draw, 1, 2), hint="With bias=False, self.bias is None.")
def linear_without_bias(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Linear(..., bias=False) has no bias: the attribute is None, the output x @ weight."""
    layer = api.Linear(*w.shape, bias=False)
    layer.weight.data[...] = w
    count = len(layer.parameters())
    return {"layer(x)": layer(api.Tensor(x)), "bias": layer.bias, "len(parameters())": count}


@check(
    inputs=lambda draw: affine(draw, 1),
    hint="Return the tensors that forward uses, weight first, made with requires_grad=True.",
)
def linear_parameters(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """parameters() holds the very weight and bias of Linear, in this order, requiring gradients."""
    layer = api.Linear(*w.shape)
    weight, bias = layer.parameters()
    weight.data[...] = w
    bias.data[...] = b
    flags = (weight.requires_grad, bias.requires_grad)
    return {"layer(x) after writing to them": layer(api.Tensor(x)), "requires_grad": flags}


@check(
    hint="Multiply standard normal numbers by sqrt(1 / in_features): the root, not the variance.",
    view=judge_variances,
)
def linear_variance(api: Any) -> dict[str, Any]:
    """Linear's weights lie around 0 with a variance from 1/in_features to 2/in_features."""
    small, large = api.Linear(256, 64).weight, api.Linear(1024, 64).weight
    return {
        "256 times the mean square of Linear(256, 64).weight": 256 * float((small.data**2).mean()),
        "1024 times that of Linear(1024, 64).weight": 1024 * float((large.data**2).mean()),
    }


@check(hint="Draw new random numbers in every __init__, and do not seed them.", view=tell_apart)
def linear_layers_differ(api: Any) -> dict[str, Any]:
    """Two Linear layers of the same sizes have weights and biases of their own."""
    first, second = api.Linear(8, 8), api.Linear(8, 8)
    first.bias.data[...] = 1
    return {
        "first.weight": first.weight,
        "second.weight": second.weight,
        "second.bias, first.bias set to 1": second.bias,
    }


@check(
    inputs=array,
    hint="Return the values of x before drawing any mask.",
    view=expect_zeros,
    tolerance=EXACT,
)
def dropout_passes_through(api: Any, x: Any) -> dict[str, Any]:
    """Dropout, which drops in training, returns the values of x otherwise, and when p = 0."""
    layer, t, ones = api.Dropout(0.5), api.Tensor(x), api.Tensor(np.ones(64, np.float32))
    return {
        "layer(x, training=False)": layer(t, training=False),
        "Dropout(0.0)(x, training=True)": api.Dropout(0.0)(t, training=True),
        "layer(ones)": layer(ones, training=True),
    }


def table(draw: Draw) -> Inputs:
    """A table of 128 numbers, none zero, and a rate: some number is kept and some is dropped.

    All share one fate with probability 0.75^128 < 1e-15 at most.
    """
    return {"x": draw.nonzero((8, 16)), "p": draw.choice(RATES)}


@check(inputs=table, hint="Divide by 1 - p in training, never otherwise.", view=fill_in_dropped)
def dropout_scales(api: Any, x: Any, p: float) -> dict[str, Any]:
    """In training every element becomes 0 or x / (1 - p)."""
    layer = api.Dropout(p)
    return {"layer(x)": layer(api.Tensor(x), training=True)}


@check(inputs=table, hint="x.data *= mask writes into x: multiply out.", view=fill_in_dropped)
def dropout_leaves_its_input_alone(api: Any, x: Any, p: float) -> dict[str, Any]:
    """Dropout does not change the data of its input."""
    layer, t = api.Dropout(p), api.Tensor(x)
    return {"layer(x)": layer(t, training=True), "x afterwards": t}


@check(inputs=array, hint="1 / (1 - p) is not a number then: treat p = 1 on its own.")
def dropout_of_everything(api: Any, x: Any) -> dict[str, Any]:
    """Dropout(1.0) returns zeros in training, and x otherwise."""
    layer, t = api.Dropout(1.0), api.Tensor(x)
    trained, evaluated = layer(t, training=True), layer(t, training=False)
    return {"layer(x, training=True)": trained, "layer(x, training=False)": evaluated}


@check(inputs=array, hint="Test 0 <= p <= 1 in __init__; both ends are allowed.")
def dropout_refuses_other_rates(api: Any, x: Any) -> dict[str, Any]:
    """Dropout(p) raises ValueError for p below 0 or above 1."""
    kept = api.Dropout(0.25)(api.Tensor(x), training=False)
    return {
        "Dropout(0.25)(x, training=False)": kept,
        "Dropout(-0.125)": raised(lambda: api.Dropout(-0.125)),
        "Dropout(1.125)": raised(lambda: api.Dropout(1.125)),
    }


@check(
    inputs=lambda draw: {"x": draw.nonzero((8, 16))},
    hint="Dropout(p=0.5) in __init__, training=True in the call.",
    view=fill_in_dropped,
)
def dropout_defaults(api: Any, x: Any) -> dict[str, Any]:
    """Dropout() has p = 0.5, and a call trains unless told otherwise."""
    layer = api.Dropout()
    return {"layer(x)": layer(api.Tensor(x))}


def rate(draw: Draw) -> Inputs:
    """A rate of dropping."""
    return {"p": draw.choice(RATES)}


@check(inputs=rate, hint="A mask of x's shape: one random number per element.", view=judge_shares)
def dropout_chooses_each_element(api: Any, p: float) -> dict[str, Any]:
    """Dropout drops each element with probability p, whatever happens to its neighbours."""
    layer, ones = api.Dropout(p), api.Tensor(np.ones((64, 64), np.float32))
    return {"layer(ones)": layer(ones, training=True)}


@check(inputs=rate, hint="Draw the mask in forward, not in __init__.", view=compare_calls)
def dropout_draws_a_new_mask(api: Any, p: float) -> dict[str, Any]:
    """Dropout chooses anew in every call."""
    layer, ones = api.Dropout(p), api.Tensor(np.ones((64, 64), np.float32))
    first, second = layer(ones, training=True), layer(ones, training=True)
    return {"first call": first, "second call": second}


@check(inputs=rate, hint="Compare a random number of each element with p.", view=compare_counts)
def dropout_drops_by_chance(api: Any, p: float) -> dict[str, Any]:
    """How many elements Dropout drops differs from call to call: each is left to chance."""
    layer, ones = api.Dropout(p), api.Tensor(np.ones(4, np.float32))
    calls = [layer(ones, training=True).data for _ in range(40)]
    return {"layer(ones), 40 calls": np.stack(calls)}


@check(
    inputs=lambda draw: affine(draw, 1),
    hint="Keep the layers in a list; forward hands each one's output to the next.",
    stretch=True,
)
def sequential(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Sequential(f, g)(x) is g(f(x)), and parameters() those of f and then those of g."""
    f, g = api.Linear(*w.shape), api.Linear(*w.T.shape)
    f.weight.data[...], g.weight.data[...] = w, w.T
    f.bias.data[...] = b
    model = api.Sequential(f, g)
    sizes = [parameter.size for parameter in model.parameters()]
    return {"model(x)": model(api.Tensor(x)), "sizes of parameters()": sizes}
