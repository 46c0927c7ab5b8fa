"""The cases of the gradient checks: what each operation draws, with `v`, the cotangent.

After these, what is compared, or accepted as well, where an operation leaves the student a choice.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Gradient, Inputs, Large, as_axis

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
    from gradgate.protocol.values import Answer


# What is right for a few numbers only.
LARGE_PAIR = {
    "a": Large((40, 30), seed=1),
    "b": Large((30,), seed=2),
    "v": Large((40, 30), seed=3),
}
LARGE_FACTORS = {
    "a": Large((40, 70), seed=4),
    "b": Large((70, 50), seed=5),
    "v": Large((40, 50), seed=6),
}


def pair(draw: Draw) -> Inputs:
    """Two arrays whose shapes broadcast; the second divides without rounding."""
    full = draw.shape(0, 3)
    owners = draw.ids(len(full), 3)  # of each axis: both, or one alone, and the other has length 1
    a, b = (
        tuple(1 if owner == other else side for side, owner in zip(full, owners, strict=True))
        for other in (2, 1)
    )
    if draw.choice((True, False)):
        a, b = _without_leading_ones(a), _without_leading_ones(b)
    return {"a": draw.grid(a), "b": draw.powers(b), "v": draw.nonzero(np.broadcast_shapes(a, b))}


def _without_leading_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    start = next((axis for axis, side in enumerate(shape) if side > 1), len(shape))
    return shape[start:]


def twins(draw: Draw) -> Inputs:
    """Two arrays of one shape, so that the gradient arrives in theirs."""
    shape = draw.shape(0, 2)
    return {"a": draw.grid(shape), "b": draw.grid(shape), "v": draw.nonzero(shape)}


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


def rows(draw: Draw) -> Inputs:
    """One array with an axis at least, away from the kink of ReLU."""
    x = draw.odd(draw.shape(1, 2))
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
    axes = draw.choice(([], [draw.integer(-x.ndim, last), draw.integer(-x.ndim, last)]))
    first, second = axes or (max(last - 1, 0), last)
    return {"x": x, "axes": axes, "v": draw.nonzero(x.swapaxes(first, second).shape)}


def places(draw: Draw) -> Inputs:
    """A matrix, its first row to read, and the column, or a mask of the columns, to read."""
    x = draw.grid(draw.shape(2, 2))
    start, count = draw.integer(0, len(x) - 1), x.shape[1]
    key: Any = draw.choice((draw.integer(-count, count - 1), draw.mask((count,))))
    return {"x": x, "start": start, "key": key, "v": draw.nonzero(x[start:, key].shape)}


def repeated(draw: Draw) -> Inputs:
    """A matrix and numbers of its rows, or of rows and columns, of which at least two are equal."""
    x = draw.grid(draw.shape(2, 2))
    read = draw.ids(len(x) + 1, len(x))
    places = np.unravel_index(draw.ids(x.size + 1, x.size), x.shape)
    key: Any = draw.choice((read, [numbers.tolist() for numbers in places]))
    return {"x": x, "key": key, "v": draw.nonzero(x[as_axis(key)].shape)}


def reduction(draw: Draw) -> Inputs:
    """An array, all elements different, and which axes to reduce."""
    axis = draw.choice((None, [1, 2], 0, [0, -1], None, [1, 2], -1))
    keepdims = draw.choice((False, True, False, False))
    # At least two elements, so that there is something to reduce, and to be equal.
    x = draw.distinct((*draw.shape(2 if isinstance(axis, list) else 0, 2), draw.integer(2, 4)))
    v = draw.nonzero(x.sum(axis=as_axis(axis), keepdims=keepdims).shape)
    return {"x": x, "axis": axis, "keepdims": keepdims, "v": v}


def maximum(draw: Draw) -> Inputs:
    """A reduction where the largest element is there once, often twice, or three times."""
    ties, inputs = draw.choice((1, 2, 3, 2, 2)), reduction(draw)
    return inputs | {"x": _tied(inputs["x"], as_axis(inputs["axis"]), ties)}


def _tied(x: Any, axis: Any, ties: int) -> Any:
    """Lower the largest elements, wherever these are reduced to, to the last of so many."""
    least, largest = x.min(axis=axis, keepdims=True), x.max(axis=axis, keepdims=True)
    for _ in range(ties - 1):
        largest = np.where(x < largest, x, least).max(axis=axis, keepdims=True)
    return np.minimum(x, largest)


def kept(draw: Draw) -> Inputs:
    """An array, scaled without rounding; that none of 40 elements is kept happens once in 10^12."""
    return {"x": draw.powers((5, 8)), "p": draw.choice((0.5, 0.25, 0.0)), "v": draw.powers((5, 8))}


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
    return {"GELU()(x)": api.Tensor(x * below), "grad of x": Gradient(v * slope, of="x")}


def read_mask(answer: Answer, x: Any, p: float, v: Any) -> dict[str, Any]:
    """Compare what passed back with what passed forward: the mask is the student's own."""
    out, dx = (np.asarray(value.array) for value in answer.values())
    return {"largest output / x": (out / x).max(), "gradient / v - output / x": dx / v - out / x}
