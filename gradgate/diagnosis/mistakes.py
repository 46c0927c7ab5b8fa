"""The usual mistakes in a gradient as a whole: sign, order, shape, factors, other operands.

The more particular ones come first. None knows of a check: they see the inputs, the right result
and the right gradients of an example, and may ask for the right gradient of other inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from gradgate.diagnosis.evidence import Evidence, Impossible, Mistake, equal, find_broadcast_axes
from gradgate.protocol.values import Array


def list_mistakes(wrong: Sequence[Evidence], found: Sequence[Evidence]) -> Iterator[Mistake]:
    """Yield the mistakes worth trying on the wrong ones of the examples found."""
    yield from SHAPE
    yield from WHOLE
    yield from LAYOUT
    yield from _list_scaled(wrong, found)
    yield from CLASSES
    for name in dict.fromkeys(name for e in wrong for name in e.arrays if name != e.name):
        for words, change in CHANGES.items():
            yield words.format(name), partial(_answer_changed, name=name, change=change)


def _take_next_to_zero(example: Evidence) -> Array:
    tiny = np.abs(example.got).max() <= 1e-6 * np.abs(example.want).max()
    return example.got if tiny else example.want


NOTHING: tuple[Mistake, ...] = (
    ("is zero everywhere", lambda e: e.want if e.got.any() else np.zeros_like(e.want)),
    ("is next to zero everywhere", _take_next_to_zero),
)


def list_shared_results(found: Sequence[Evidence]) -> Iterator[Mistake]:
    """Yield the results that a gradient is the same as, where either was changed or made anew."""
    for result in found[0].siblings:
        if "," in result or "," in found[0].result:
            yield f"is the same as {result}", partial(_take_sibling, result=result)


def _take_sibling(example: Evidence, result: str) -> Array:
    return example.siblings[result]


# The whole gradient.


def _take_the_other(example: Evidence) -> Array:
    if len(example.others) != 1:
        raise Impossible
    return example.others[0]


WHOLE: tuple[Mistake, ...] = (
    ("has the wrong sign", lambda e: -e.want),
    ("is the one that belongs to the other operand", _take_the_other),
    (
        "leaves out the gradient that arrives from above (v)",
        lambda e: e.changed(v=np.ones_like(e.v)),
    ),
    ("is the gradient that arrives from above (v), unchanged", lambda e: e.v),
    ("is the right one times the result of the forward", lambda e: e.want * e.output.reshape(())),
    (
        "is in every place the sum of the right one over all places",
        lambda e: np.full_like(e.want, e.want.sum()),
    ),
)


# Right numbers, in a wrong shape or order.


def _find_unsummed(example: Evidence) -> Array:
    """Return what came if summing it over axes that were added or broadcast makes it right."""
    got, want = example.got, example.want
    if got.shape == want.shape or got.ndim < want.ndim:
        return want
    added, from_1 = find_broadcast_axes(got.shape, want.shape)
    summed = got.sum(axis=(*added, *from_1))
    return got if equal(summed.reshape(-1), want.reshape(-1)) else want


def _swap(array: Array, first: int = -1, second: int = -2) -> Array:
    """Swap two axes; where they differ in length, lay the numbers out in the old shape."""
    return np.reshape(array.swapaxes(first, second), array.shape)


def _transpose(example: Evidence) -> Array:
    if example.want.ndim < 2:
        return example.want
    return np.reshape(_swap(example.want), example.got.shape)


def _turn(array: Array) -> Array:
    return array[..., ::-1, ::-1]


def _broadcast_v(example: Evidence) -> Array:
    if example.v.ndim == example.want.ndim:
        return example.want
    return np.broadcast_to(example.v, example.want.shape)


SHAPE: tuple[Mistake, ...] = (
    (
        "has the right numbers, but not the shape of what it belongs to",
        lambda e: e.want.reshape(e.got.shape),
    ),
    (
        "loses an axis of length 1: sum with keepdims=True",
        lambda e: np.zeros_like(e.want) + np.squeeze(e.want),
    ),
    ("is not summed over the axes along which it was broadcast", _find_unsummed),
)
LAYOUT: tuple[Mistake, ...] = (
    ("is cut off: numbers are missing at the end", lambda e: e.want[_cut_corner(e.got)]),
    ("is transposed", _transpose),
    ("is turned by 180 degrees", lambda e: _turn(e.want)),
    (
        "is v with its numbers in the same order, only in another shape",
        lambda e: e.v.reshape(e.want.shape),
    ),
    (
        "is v, read row by row and laid out column by column",
        lambda e: np.asarray(e.v).reshape(e.want.shape, order="F"),
    ),
    ("is v, broadcast along the wrong axis", _broadcast_v),
)


def _cut_corner(array: Array) -> tuple[slice, ...]:
    return tuple(map(slice, array.shape))


# The right one times a number.

Size = Callable[[Evidence], int]


def _list_scaled(wrong: Sequence[Evidence], found: Sequence[Evidence]) -> Iterator[Mistake]:
    for name, size in SIZES.items():
        # One that never varies is a number like any other.
        if len({size(example) for example in found}) > 1:
            count = size(found[0])
            yield f"is the right one times {count}, {name}", partial(_multiply, size=size, power=1)
            divided = f"is the right one divided by {count}, {name}"
            yield divided, partial(_multiply, size=size, power=-1)
    factor = _find_common_factor(wrong)
    if factor is not None:
        yield f"is the right one times {factor:.4g}", lambda e: factor * e.want


def _multiply(example: Evidence, size: Size, power: int) -> Array:
    return example.want * float(max(size(example), 1)) ** power


def _shape_of_v(example: Evidence) -> tuple[int, ...]:
    return np.shape(example.inputs.get("v", ()))


def _count_batch(example: Evidence) -> int:
    shape = np.shape(example.inputs.get("x", ()))
    return shape[0] if len(shape) > 1 else 1


def _count_products(example: Evidence) -> int:
    """Count the products, of a batch of them, that one matrix or vector is a factor of."""
    axes = max((array.ndim for array in example.arrays.values()), default=0)
    batch = _shape_of_v(example)[: max(axes - 2, 0)]
    return math.prod(batch) // max(math.prod(example.want.shape[:-2]), 1)


def _count_window(example: Evidence) -> int:
    how: Any = example.inputs.get("how")
    side = how.get("kernel_size", 1) if isinstance(how, dict) else 1
    return side * side if isinstance(side, int) else 1


SIZES: dict[str, Size] = {
    "the batch size": _count_batch,
    "the number of its elements": lambda e: e.want.size,
    "the number of elements that go into each result": lambda e: (
        e.want.size // max(math.prod(_shape_of_v(e)), 1)
    ),
    "the number of places whose gradients it adds up": lambda e: (
        math.prod(_shape_of_v(e)) // max(e.want.size, 1)
    ),
    "the number of products that add up": _count_products,
    "the number of places in a window": _count_window,
    "the number of results": lambda e: math.prod(_shape_of_v(e)),
    "the length of the first axis of v": lambda e: (*_shape_of_v(e), 1)[0],
    "the length of its last axis": lambda e: (1, *e.want.shape)[-1],
}


def _find_common_factor(wrong: Sequence[Evidence]) -> float | None:
    """Return by what the right gradient is multiplied in the example where it is largest."""
    if any(e.got.shape != e.want.shape for e in wrong) or not any(e.want.any() for e in wrong):
        return None
    largest = max(wrong, key=lambda e: float(np.abs(e.want).max(initial=0)))
    at = np.abs(largest.want).argmax()
    factor = float(largest.got.flat[at] / largest.want.flat[at])
    return factor if 1e-3 < abs(factor) < 1e3 and abs(factor - 1) > 1e-3 else None


# The right one for other inputs.


def _answer_changed(example: Evidence, name: str, change: Callable[[Array], Array]) -> Array:
    return example.changed(**{name: change(example.array(name))})


CHANGES: dict[str, Callable[[Array], Array]] = {
    "leaves {} out, as if it were 1": np.ones_like,
    "would be right if {} were transposed": _swap,
    "would be right if {} were turned by 180 degrees": _turn,
    "would be right if the first two axes of {} were swapped": partial(_swap, first=0, second=1),
}


# Class ids.


def _find_classes(example: Evidence) -> tuple[Array, Array]:
    """Return 1 at the class of each row and 0 elsewhere, and the share of v of one row."""
    ids, shape = example.inputs.get("ids"), example.want.shape
    if not isinstance(ids, np.ndarray) or len(shape) != 2 or ids.shape != shape[:1]:
        raise Impossible
    return np.eye(shape[1])[ids], example.v / len(ids)


def _without_classes(example: Evidence) -> Array:
    hits, share = _find_classes(example)
    return np.asarray(example.want + hits * share)


def _block_of_classes(example: Evidence) -> Array:
    hits, share = _find_classes(example)
    return np.asarray(example.want + (hits - hits.any(axis=0)) * share)


CLASSES: tuple[Mistake, ...] = (
    ("lacks the -1 at the right class of each row", _without_classes),
    ("has the -1 in every row at all classes that occur, not at its own only", _block_of_classes),
)
