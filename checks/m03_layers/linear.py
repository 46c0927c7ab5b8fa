"""Layer and Linear."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check

from .cases import affine, array, double
from .views import judge_variances, only_bias, tell_apart


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
        "mean of Linear(256, 64).weight / its spread": float(small.data.mean() / small.data.std()),
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
