"""What is true of a wrong gradient where no usual mistake explains its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from gradgate.authoring.inputs import Inputs
from gradgate.diagnosis.evidence import Evidence, Impossible, close, equal
from gradgate.protocol.values import Array

Symptom = Callable[[Evidence], bool]

AXES = {0: "is a single number", 1: "is a vector", 2: "is a matrix"}
CHANCE = 1e-3  # that examples drawn at random all meet a condition that has nothing to do with it


def _require_one_shape(symptom: Symptom) -> Symptom:
    """Make a symptom that only a gradient of the right shape can have."""

    def holds(example: Evidence) -> bool:
        try:
            return example.got.shape == example.want.shape and symptom(example)
        except Impossible:
            return False

    return holds


def _is_part(example: Evidence) -> bool:
    right = close(example.got, example.want)
    return bool((right | (example.got == 0)).all())


def _reaches_on(example: Evidence) -> bool:
    right = close(example.got, example.want)
    return bool((right | (example.want == 0)).all() and example.want.any())


def _is_moved(example: Evidence) -> bool:
    return equal(np.sort(example.got, axis=None), np.sort(example.want, axis=None))


def _is_multiple(rows: Array, of: Array) -> bool:
    """Tell whether each row is a multiple of the other's row."""
    scale = (rows * of).sum(1, keepdims=True) / np.maximum((of * of).sum(1, keepdims=True), 1e-12)
    return equal(scale * of, rows)


def _lay_out_channels(array: Array) -> Array:
    """Lay each channel of images out as a row; raises Impossible for what is no images."""
    if array.ndim != 4 or array[:, 0].size < 3:
        raise Impossible
    return np.moveaxis(array, 1, 0).reshape(array.shape[1], -1)


def _is_multiple_of_v(example: Evidence) -> bool:
    same = example.v.shape == example.got.shape
    return same and _is_multiple(_lay_out_channels(example.got), _lay_out_channels(example.v))


def _off_by_constant(example: Evidence) -> bool:
    return _is_multiple(
        _lay_out_channels(example.got - example.want), np.ones_like(_lay_out_channels(example.want))
    )


def _off_by_centred(example: Evidence) -> bool:
    x = _lay_out_channels(example.array("x"))
    return _is_multiple(_lay_out_channels(example.got - example.want), x - x.mean(1, keepdims=True))


SYMPTOMS: dict[str, Symptom] = {
    words: _require_one_shape(symptom)
    for words, symptom in {
        "is v times one number in each channel": _is_multiple_of_v,
        "differs from the right one by the same number everywhere in a channel": _off_by_constant,
        "differs from the right one by a multiple of x - mean in each channel": _off_by_centred,
        "is right in some places and zero in all others": _is_part,
        "is right where it should not be zero, but reaches places that it should not": _reaches_on,
        "has the right numbers in the wrong places": _is_moved,
    }.items()
}


def find_condition(found: Sequence[Evidence]) -> str:
    """Return a condition on the inputs that all wrong examples meet, if not by chance."""
    held = [set(_list_conditions(example.inputs)) for example in found]
    wrong = [conditions for conditions, e in zip(held, found, strict=True) if e.wrong]
    chances = {
        condition: _chance_of(len(wrong), sum(condition in c for c in held), len(held))
        for condition in sorted(set.intersection(*wrong))
    }
    best = min(chances, key=chances.__getitem__, default="")
    return best if chances.get(best, 1) < CHANCE else ""


def _chance_of(wrong: int, meeting: int, total: int) -> float:
    """Return how likely it is that so many of all examples, taken blindly, meet a condition."""
    return math.comb(meeting, wrong) / math.comb(total, wrong)


def _list_conditions(inputs: Inputs) -> Iterator[str]:
    """Yield in words what is so of some inputs, apart from the numbers in their arrays."""
    arrays = {name: a for name, a in inputs.items() if isinstance(a, np.ndarray) and name != "v"}
    for name, array in arrays.items():
        yield f"{name} {AXES.get(array.ndim, f'has {array.ndim} axes')}"
        yield from (
            f"{name} has fewer axes than {b}" for b in arrays if array.ndim < arrays[b].ndim
        )
    if {"a", "b"} <= set(arrays) and arrays["a"].ndim == arrays["b"].ndim == 1:
        yield "a and b are vectors"
    for name, value in inputs.items():
        for key, item in value.items() if isinstance(value, dict) else [(name, value)]:
            yield from _list_plain_conditions(key, item, inputs)


def _list_plain_conditions(key: str, value: Any, inputs: Inputs) -> Iterator[str]:
    if key in ("dim", "axis") and isinstance(value, int):
        axes = inputs["x"].ndim
        yield f"{key} is {'' if value % axes == axes - 1 else 'not '}the last axis"
        yield f"{key} is {'negative' if value < 0 else 'not negative'}"
    elif isinstance(value, (str, bool)) or value is None:
        yield f"{key} is {value!r}"
    elif isinstance(value, (int, float)):
        least = 0 if key in ("padding", "start") else 1
        yield f"{key} is more than {least}" if value > least else f"{key} is {value}"
    elif isinstance(value, list):
        yield f"{key} is a list"
