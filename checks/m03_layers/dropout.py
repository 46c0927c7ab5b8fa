"""Dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import EXACT, Inputs, check, raised

from .views import compare_calls, compare_counts, expect_zeros, fill_in_dropped, judge_shares

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
from .cases import RATES, array


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
    """Dropout() has p = 0.5, and a call trains unless training=False is given."""
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
