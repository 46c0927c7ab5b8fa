"""The cases of the gradient checks: what each operation draws, with `v`, the cotangent.

After these, what is compared, or accepted as well, where an operation leaves the student a choice.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.engine.check import Inputs
from checks.engine.scenario import as_axis

if TYPE_CHECKING:
    from checks.engine.draw import Draw
    from checks.engine.values import Answer


def pair(draw: Draw) -> Inputs:
    """Two arrays whose shapes broadcast; the second divides without rounding."""
    a, b = draw.broadcast_shapes()
    v = draw.nonzero(np.broadcast_shapes(a, b))
    return {"a": draw.grid(a), "b": draw.powers(b), "v": v}


def matrices(draw: Draw) -> Inputs:
    """Two matrices to multiply."""
    return _factors(draw, "mk,kn")


def batches_of_matrices(draw: Draw) -> Inputs:
    """Two factors of which one at least has batch axes, equal or broadcast."""
    return _factors(draw, "bmk,bkn", "bmk,kn", "mk,bkn", "b1mk,ckn")


def vectors(draw: Draw) -> Inputs:
    """Two factors of which one at least is a vector."""
    return _factors(draw, "k,k", "mk,k", "k,kn", "bmk,k", "k,bkn")


def _factors(draw: Draw, *patterns: str) -> Inputs:
    inputs = draw.factors(*patterns)
    return inputs | {"v": draw.nonzero(np.matmul(inputs["a"], inputs["b"]).shape)}


def single(draw: Draw) -> Inputs:
    """One array, away from the kink of ReLU."""
    x = draw.odd(draw.shape(0, 3))
    return {"x": x, "v": draw.nonzero(x.shape)}


def extremes(draw: Draw) -> Inputs:
    """Elements up to 1e4 in size, of both signs."""
    x = np.round(draw.odd(draw.shape(1, 1)) * draw.choice((5000, 500)))
    return {"x": x, "v": draw.nonzero(x.shape)}


def scores(draw: Draw) -> Inputs:
    """Scores and the axis along which to normalise them."""
    inputs = draw.scores()
    return inputs | {"v": draw.nonzero(inputs["x"].shape)}


def dims(draw: Draw) -> Inputs:
    """An array and two axes to swap; none named means the last two."""
    x = draw.grid(draw.shape(1, 3))
    last = x.ndim - 1
    axes = draw.choice(([], [0, last], [last, 0]))
    first, second = axes or (max(last - 1, 0), last)
    return {"x": x, "axes": axes, "v": draw.nonzero(x.swapaxes(first, second).shape)}


def places(draw: Draw) -> Inputs:
    """A matrix, its first row to read, and the column, or a mask of the columns, to read."""
    x = draw.grid(draw.shape(2, 2))
    start, count = draw.integer(0, len(x) - 1), x.shape[1]
    key: Any = draw.choice((draw.integer(-count, count - 1), draw.mask((count,))))
    return {"x": x, "start": start, "key": key, "v": draw.nonzero(x[start:, key].shape)}


def repeated(draw: Draw) -> Inputs:
    """An array and numbers of its rows, of which at least two are equal."""
    x = draw.grid(draw.shape(1, 2))
    rows = draw.ids(len(x) + 1, len(x))
    return {"x": x, "rows": rows, "v": draw.nonzero(x[rows].shape)}


def reduction(draw: Draw) -> Inputs:
    """An array, all elements different or many of them equal, and which axes to reduce."""
    axis, keepdims = draw.choice((None, 0, -1, [1, 2], [0, 2])), draw.choice((False, True, False))
    shape = draw.shape(3 if isinstance(axis, list) else 1, 3)
    x = draw.choice((draw.distinct, draw.mask))(shape).astype(np.float32)
    v = draw.nonzero(x.sum(axis=as_axis(axis), keepdims=keepdims).shape)
    return {"x": x, "axis": axis, "keepdims": keepdims, "v": v}


def kept(draw: Draw) -> Inputs:
    """An array, scaled without rounding; that none of 40 elements is kept happens once in 10^12."""
    return {"x": draw.powers((5, 8)), "p": draw.choice((0.5, 0.25)), "v": draw.powers((5, 8))}


def logits(draw: Draw) -> Inputs:
    """Logits of up to four samples, and their classes."""
    x = draw.grid((draw.integer(1, 4), draw.integer(2, 4)), top=32)
    return {"x": x, "ids": draw.ids(*x.shape), "v": draw.nonzero(())}


def probabilities(draw: Draw) -> Inputs:
    """Probabilities away from 0 and 1, and labels 0 or 1."""
    x = abs(draw.odd(draw.shape(1, 2), top=8))
    return {"x": x, "y": draw.mask(x.shape).astype(np.float32), "v": draw.nonzero(())}


def batch(draw: Draw) -> Inputs:
    """A batch of one or two axes, and a weight and a bias for it."""
    features, out, *leading = draw.shape(3, 4)
    x, w, b = draw.grid((*leading, features)), draw.grid((features, out)), draw.grid((out,))
    return {"x": x, "w": w, "b": b, "v": draw.nonzero((*leading, out))}


def two_by_two(draw: Draw) -> Inputs:
    """Two matrices of four elements each."""
    return {"a": draw.grid((2, 2)), "b": draw.grid((2, 2))}


def add_up_shares(answer: Answer, x: Any, axis: Any, keepdims: bool, v: Any) -> dict[str, Any]:
    """Add up what the largest elements received: how they share it is the student's choice."""
    largest = x.max(axis=as_axis(axis), keepdims=True)
    out, dx = (np.asarray(value.array) for value in answer.values())
    total = dx.sum(axis=as_axis(axis), keepdims=keepdims)
    strange = np.where(x < largest, dx, np.minimum(dx * np.sign(v.reshape(largest.shape)), 0))
    return {"maximum": out, "gradient in total": total, "gradient that is no share": strange}


def exact_gelu(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Answer with x Phi(x), the form with the error function (Hendrycks and Gimpel, 2016)."""
    below = np.array([math.erf(t / math.sqrt(2)) for t in x.ravel()]).reshape(x.shape) / 2 + 0.5
    slope = below + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return {"GELU()(x)": api.Tensor(x * below), "grad of x": v * slope}


def read_mask(answer: Answer, x: Any, p: float, v: Any) -> dict[str, Any]:
    """Compare what passed back with what passed forward: the mask is the student's own."""
    out, dx = (np.asarray(value.array) for value in answer.values())
    return {"largest output / x": (out / x).max(), "gradient / v - output / x": dx / v - out / x}
