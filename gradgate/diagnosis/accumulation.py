"""Mistakes in adding up what the elements of v contribute to a gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from gradgate.diagnosis.evidence import Evidence, Impossible, Mistake
from gradgate.protocol.values import Array

Axes = Callable[[Evidence], list[int]]


def list_accumulation_errors() -> Iterator[Mistake]:
    """Yield the mistakes of adding up, those first that ask the oracle least."""
    yield from WINDOWS
    for axis in range(4):
        for word, index in (("first", 0), ("last", -1)):
            words = f"counts only the {word} of the gradients that arrive along axis {axis} of v"
            yield words, partial(_keep_only, axes=partial(_axis_alone, axis=axis), index=index)
    for axes, words in SLICES:
        yield words, partial(_keep_only, axes=axes, index=0)
    for axes in (
        lambda e: e.broadcast_axes[0] + e.broadcast_axes[1],
        lambda e: e.broadcast_axes[1][-1:],
    ):
        yield EARLY, partial(_sum_early, axes=axes)
    yield from SINGLE


# Windows that slide over images.


def _scatter(example: Evidence, share: Callable[[Array], Array]) -> Array:
    """Add up, where each window looks, what it is sent: a share of its element of v."""
    how, v = example.inputs.get("how"), example.v
    if v.ndim != 4 or not isinstance(how, dict) or "kernel_size" not in how:
        raise Impossible
    kernel, edge = how["kernel_size"], how["padding"]
    step = how["stride"] or kernel
    sides = example.want.shape[2:]
    inside = _index_rectangle((edge, edge), sides)
    total = np.zeros((*v.shape[:2], *(side + 2 * edge for side in sides)))
    covered = np.zeros_like(total)
    covered[inside] = 1
    for row, column in np.ndindex(*v.shape[2:]):
        seen = _index_rectangle((step * row, step * column), (kernel, kernel))
        total[seen] += v[:, :, row : row + 1, column : column + 1] * share(covered[seen])
    return np.asarray(total[inside])


def _index_rectangle(start: tuple[int, ...], sides: tuple[int, ...]) -> Any:
    """Return the index of a rectangle in the last two axes."""
    return (..., *(slice(a, a + side) for a, side in zip(start, sides, strict=True)))


def _take_first_place(seen: Array) -> Array:
    first = np.zeros_like(seen)
    first[..., 0, 0] = 1
    return first


WINDOWS: tuple[Mistake, ...] = (
    ("sends v to the first place of each window", partial(_scatter, share=_take_first_place)),
    ("sends v, whole, to every place of each window", partial(_scatter, share=np.ones_like)),
    (
        "divides v by the number of places of a window that are not padding",
        partial(_scatter, share=lambda seen: 1 / seen.sum((2, 3), keepdims=True)),
    ),
)


# Along the axes of v.


def _keep_only(example: Evidence, axes: Axes, index: int) -> Array:
    """Return the right gradient for a cotangent that is zero but at one place along some axes."""
    kept, places = np.zeros_like(example.v), [slice(None)] * example.v.ndim
    for axis in axes(example):
        places[axis] = slice(index, None) if index else slice(1)
    kept[tuple(places)] = example.v[tuple(places)]
    return example.changed(v=kept)


def _axis_alone(example: Evidence, axis: int) -> list[int]:
    return [axis]


def _sum_early(example: Evidence, axes: Axes) -> Array:
    total = example.v.sum(axis=tuple(axes(example)), keepdims=True)
    return example.changed(v=np.broadcast_to(total, example.v.shape))


def _find_axes_of_length_1(example: Evidence) -> list[int]:
    added = example.v.ndim - example.want.ndim
    return [added + axis for axis, side in enumerate(example.want.shape) if side == 1]


EARLY = "adds v up along the axes that were broadcast before it multiplies, not after"
ONE_AXIS = "is summed along one of several broadcast axes only"
SLICES: tuple[tuple[Axes, str], ...] = (
    (lambda e: [2, 3], "counts only the first place of each image of v"),
    (
        lambda e: e.broadcast_axes[0] + e.broadcast_axes[1],
        "is the first slice along the axes that were broadcast, not the sum",
    ),
    (lambda e: e.broadcast_axes[0][1:], ONE_AXIS),
    (lambda e: e.broadcast_axes[1][1:], ONE_AXIS),
    (lambda e: _find_axes_of_length_1(e)[1:], ONE_AXIS),
)


# One by one.


def _keep_one_of_several(example: Evidence, which: int, together: tuple[int, ...]) -> Array:
    """Take, in every place, the first or last of the contributions that reach it."""
    parts = example.contributions.sum(axis=together, keepdims=True)
    reach = example.reach.any(axis=together, keepdims=True)
    flat, hits = (array.reshape(-1, *example.want.shape)[::which] for array in (parts, reach))
    found: Array = np.take_along_axis(flat, hits.argmax(axis=0)[np.newaxis], axis=0)[0]
    return found


def _average(example: Evidence) -> Array:
    parts, axes = example.contributions, tuple(range(example.v.ndim))
    average: Array = parts.sum(axis=axes) / np.maximum(example.reach.sum(axis=axes), 1)
    return average


def _take_own(example: Evidence) -> Array:
    """Take of each element only what it contributes to the place it stands in itself."""
    size, shape = example.want.size, example.want.shape
    if example.v.shape != shape:
        raise Impossible
    return example.contributions.reshape(size, size).diagonal().reshape(shape)


SEVERAL = "keeps only one of several contributions to the same place, not their sum"
OWN_PLACE: Mistake = ("takes each result to depend on the input in its own place only", _take_own)
SINGLE: tuple[Mistake, ...] = (
    *(
        (SEVERAL, partial(_keep_one_of_several, which=which, together=together))
        for which in (-1, 1)
        for together in ((), (1,))
    ),
    ("averages the contributions to one place instead of adding them", _average),
)
