"""Checks of module 02, activations: Sigmoid, ReLU, Tanh, GELU and Softmax, forward only."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import EXACT, Inputs, Tolerance, check

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("Sigmoid", "ReLU", "Tanh", "GELU", "Softmax")

# exp(x - (max + log of the sum)) is stable too, but float32 rounds its bracket by up to 2^-11 for
# scores up to 1e4, and so the result by a part in 2000.
OF_LARGE_SCORES = Tolerance(1e-3, 1e-6)


def moderate(draw: Draw) -> Inputs:
    """An array of up to three axes with |x| <= 4."""
    return {"x": draw.grid(draw.shape(0, 3), top=32)}


def positive_and_negative(draw: Draw) -> Inputs:
    """An array of up to three axes with |x| <= 10."""
    return {"x": draw.grid(draw.shape(0, 3), top=80)}


def extreme(draw: Draw) -> Inputs:
    """An array with elements up to 1e4 in size, of both signs."""
    return {"x": np.round(draw.odd(draw.shape(1, 2)) * draw.choice((1e4, 1e3, 100)) / 2)}


@check(
    inputs=positive_and_negative, hint="np.maximum(x.data, 0), in a new Tensor.", tolerance=EXACT
)
def relu(api: Any, x: Any) -> dict[str, Any]:
    """ReLU()(x) and ReLU().forward(x) replace negative elements by 0 and keep the others."""
    t = api.Tensor(x)
    return {"ReLU()(x)": api.ReLU()(t), "ReLU().forward(x)": api.ReLU().forward(t)}


@check(inputs=moderate, hint="1 / (1 + exp(-x)), element by element: mind the minus sign.")
def sigmoid(api: Any, x: Any) -> dict[str, Any]:
    """Sigmoid()(x) and Sigmoid().forward(x) are 1 / (1 + exp(-x)) for every element."""
    t = api.Tensor(x)
    return {"Sigmoid()(x)": api.Sigmoid()(t), "Sigmoid().forward(x)": api.Sigmoid().forward(t)}


@check(inputs=moderate, hint="np.tanh does it.")
def tanh(api: Any, x: Any) -> dict[str, Any]:
    """Tanh()(x) and Tanh().forward(x) are the hyperbolic tangent of every element."""
    t = api.Tensor(x)
    return {"Tanh()(x)": api.Tanh()(t), "Tanh().forward(x)": api.Tanh().forward(t)}


def exact_gelu(api: Any, x: Any) -> dict[str, Any]:
    """The exact form x P(Z <= x) with Z standard normal (Hendrycks and Gimpel, 2016)."""
    shares = [(1 + math.erf(value / math.sqrt(2))) / 2 for value in x.ravel().tolist()]
    y = api.Tensor(x * np.reshape(shares, x.shape))
    return {"GELU()(x)": y, "GELU().forward(x)": y}


@check(
    inputs=moderate,
    hint="x * sigmoid(1.702 * x): the factor 1.702 belongs inside the sigmoid only.",
    also=(exact_gelu,),
)
def gelu(api: Any, x: Any) -> dict[str, Any]:
    """GELU()(x) and GELU().forward(x) are x sigmoid(1.702 x), or the exact form with erf."""
    t = api.Tensor(x)
    return {"GELU()(x)": api.GELU()(t), "GELU().forward(x)": api.GELU().forward(t)}


@check(
    inputs=lambda draw: {"x": draw.grid(draw.shape(1, 3), top=32)},
    hint="Divide the exponentials by their sum along the last axis, kept with keepdims=True.",
)
def softmax(api: Any, x: Any) -> dict[str, Any]:
    """Softmax()(x) and Softmax().forward(x) are exp(x) over its sum along the last axis."""
    t = api.Tensor(x)
    return {"Softmax()(x)": api.Softmax()(t), "Softmax().forward(x)": api.Softmax().forward(t)}


@check(
    inputs=lambda draw: draw.scores(),
    hint="The maximum and the sum both run along dim, with keepdims=True.",
)
def softmax_along_any_axis(api: Any, x: Any, dim: int) -> dict[str, Any]:
    """Softmax()(x, dim) sums to 1 along dim, whichever axis that is."""
    return {"Softmax()(x, dim=dim)": api.Softmax()(api.Tensor(x), dim=dim)}


@check(
    inputs=lambda draw: {"x": draw.far_rows(*draw.shape(2, 2))},
    hint="Subtract each row's own maximum before the exponential: the result does not change.",
    tolerance=OF_LARGE_SCORES,
)
def softmax_of_large_scores(api: Any, x: Any) -> dict[str, Any]:
    """Softmax()(x) is right for scores of thousands, where exp alone overflows or vanishes."""
    return {"Softmax()(x)": api.Softmax()(api.Tensor(x))}


@check(inputs=extreme, hint="For negative x, exp(x) / (1 + exp(x)) is the same and stays finite.")
def sigmoid_of_extremes(api: Any, x: Any) -> dict[str, Any]:
    """Sigmoid()(x) is finite and right for |x| up to 1e4."""
    return {"Sigmoid()(x)": api.Sigmoid()(api.Tensor(x))}


def overflows(call: Callable[[], Any]) -> str:
    """Run `call` and return the overflow warnings it gives, as one text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    messages = [str(warning.message) for warning in caught]
    return "; ".join(message for message in messages if "overflow" in message)


@check(
    inputs=extreme,
    hint="np.where computes both branches: make sure that neither sees a number it cannot take.",
)
def sigmoid_without_overflow(api: Any, x: Any) -> dict[str, Any]:
    """Sigmoid()(x) gives no overflow warning for |x| up to 1e4."""
    t = api.Tensor(x)
    return {"Sigmoid()(x)": api.Sigmoid()(t), "warnings": overflows(lambda: api.Sigmoid()(t))}


@check(
    inputs=lambda draw: draw.scores(),
    hint="Compute a new array: x[x < 0] = 0 and x -= x.max() write into x.",
)
def leave_their_input_alone(api: Any, x: Any, dim: int) -> dict[str, Any]:
    """No activation changes the data of its input."""
    t = api.Tensor(x)
    api.GELU()(t)
    a, b, c, d = api.ReLU()(t), api.Sigmoid()(t), api.Tanh()(t), api.Softmax()(t, dim=dim)
    return {"x afterwards": t, "ReLU": a, "Sigmoid": b, "Tanh": c, "Softmax": d}


def two_inputs(draw: Draw) -> Inputs:
    """Two arrays, of the same shape or the second transposed."""
    shape = draw.shape(1, 3)
    shapes = shape, draw.choice((shape, shape[::-1]))
    return {name: draw.grid(sides, top=32) for name, sides in zip("xy", shapes, strict=True)}


@check(inputs=two_inputs, hint="Keep nothing of an input, such as its mask, on the object.")
def can_be_used_again(api: Any, x: Any, y: Any) -> dict[str, Any]:
    """An activation object forgets one input when it is given the next."""
    relu, sigmoid, tanh, softmax = api.ReLU(), api.Sigmoid(), api.Tanh(), api.Softmax()
    t, u = api.Tensor(x), api.Tensor(y)
    relu(t), sigmoid(t), tanh(t), softmax(t, dim=0)
    return {"ReLU": relu(u), "Sigmoid": sigmoid(u), "Tanh": tanh(u), "Softmax": softmax(u)}


@check(inputs=lambda draw: draw.scores(), hint="There is nothing to train: return an empty list.")
def have_no_parameters(api: Any, x: Any, dim: int) -> dict[str, Any]:
    """parameters() of every activation is an empty list."""
    return {
        "Softmax()(x, dim=dim)": api.Softmax()(api.Tensor(x), dim=dim),
        "len(Sigmoid().parameters())": len(api.Sigmoid().parameters()),
        "len(ReLU().parameters())": len(api.ReLU().parameters()),
        "len(Tanh().parameters())": len(api.Tanh().parameters()),
        "len(GELU().parameters())": len(api.GELU().parameters()),
        "len(Softmax().parameters())": len(api.Softmax().parameters()),
    }
