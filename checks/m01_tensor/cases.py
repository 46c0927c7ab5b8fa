"""The cases of module 01: what the checks of tensor draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradgate.authoring import Inputs, Large

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw


# What is right for a few numbers only: tables of fixed size, sums of a few terms.
LARGE_PAIR = {"a": Large((40, 30), seed=1), "b": Large((30,), seed=2)}
LARGE_FACTORS = {"a": Large((40, 70), seed=3), "b": Large((70, 50), seed=4)}
LARGE_SUMMANDS = {"x": Large((50, 40), seed=5), "axis": 0, "axes": None, "keepdims": False}


def any_data(draw: Draw) -> Inputs:
    """What a Tensor can be made of: a number, a nested list, an array of any numeric dtype."""
    whole = draw.grid(draw.shape(0, 3)) * 8
    kinds = (whole.tolist(), whole.astype(np.int64), whole.astype(np.float64) / 8, whole)
    return {"data": draw.choice(kinds)}


def pair(draw: Draw) -> Inputs:
    """Two arrays whose shapes broadcast; the second divides without rounding."""
    a, b = draw.broadcast_shapes()
    return {"a": draw.grid(a), "b": draw.powers(b)}


def plain_operand(draw: Draw) -> Inputs:
    """An array, and an array of another dtype and a number to combine it with."""
    a, b = pair(draw).values()
    arrays = b.astype(np.float64), (b * 2).astype(np.int64)
    return {"a": a, "b": draw.choice(arrays), "c": draw.choice((2, 0.5))}


def misfit(draw: Draw) -> Inputs:
    """Two factors, and a third whose inner side is one too long for the first."""
    inputs = draw.factors("mk,kn", "bmk,kn", "mk,k", "k,kn")
    k, *rest = inputs["b"].shape
    return inputs | {"wrong": draw.grid((k + 1, *rest))}


def places(draw: Draw) -> Inputs:
    """An array of two or three axes, numbers of rows and columns, which may be negative."""
    x, count = draw.grid(draw.shape(2, 3)), draw.integer(1, 4)
    rows, columns = (draw.ids(count, 2 * side) - side for side in x.shape[:2])
    return {"x": x, "rows": rows, "columns": columns}


def new_shape(draw: Draw) -> Inputs:
    """An array and a shape of as many elements, one side of which may be left to work out."""
    n, m, k = draw.shape(3, 3)
    flat, matrix = ([n * m * k], [-1]), ([n * m, k], [k, -1], [-1, n])
    shapes = (*flat, *matrix, [k, m, n], [k, -1, n], [-1, k, m], [m, n, -1])
    return {"x": draw.grid((n, m, k)), "shape": draw.choice(shapes)}


def two_axes(draw: Draw) -> Inputs:
    """An array and two of its axes, counted from either end."""
    x = draw.grid(draw.shape(2, 4))
    dim0, dim1 = (draw.choice((*range(x.ndim), *range(-x.ndim, 0))) for _ in range(2))
    return {"x": x, "dim0": dim0, "dim1": dim1}


def reduction(draw: Draw) -> Inputs:
    """An array, one of its axes or none, a list of several, and whether to keep them."""
    x = draw.grid(draw.shape(2, 3))
    axes = draw.choice(([0, 1], [-1, 0], [-2, -1], [*range(x.ndim)]))
    axis, keepdims = draw.choice((None, 0, -1, 1, -2)), draw.choice((False, True))
    return {"x": x, "axis": axis, "axes": axes, "keepdims": keepdims}
