"""Whose fault a wrong gradient is: central differences through the submission's own forward.

Run only after a failure, on the smallest counterexample. Steps, directions and tolerance are the
measured ones for a float32 forward: differences of a correct one stay twenty times below it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradgate.examples.example import Example
from gradgate.judging.counterexample import CounterexampleSearch
from gradgate.protocol.values import Answer, Array
from gradgate.results import Cause

STEP = 2.0**-6
DIRECTIONS = 3
TOLERANCE = 1e-3
FORWARD_FIRST = "Your backward agrees with your own forward: fix the forward first."


def explain(search: CounterexampleSearch, example: Example, cause: Cause) -> str:
    """Return what differences say of a wrong gradient or a wrong forward, or nothing.

    The scenario's first result is the forward value and `v` the cotangent; `grad of x` belongs to
    the input `x`. Raises Stopped where the worker ends.
    """
    got, want = search.ask(example).answer, search.answers(example)[0]
    forward = next(iter(want), "")
    gradients = {name: value.gradient_of for name, value in want.items() if value.gradient_of}
    usable = forward in got and all(name in got for name in gradients)
    if cause.kind != "value" or not gradients or not usable:
        return ""
    if not _has_shape_of_v(got[forward].array, example):
        return ""
    if cause.result == forward:
        agree = [
            abs(slope - _along(got, name, direction)) <= allowed
            for name, of in gradients.items()
            for slope, direction, allowed in _slopes(search, example, got[name].array, of)
        ]
        return FORWARD_FIRST if agree and all(agree) else ""
    if cause.result not in gradients:
        return ""
    return _find_contradiction(search, example, (got, want), cause)


def _find_contradiction(
    search: CounterexampleSearch, example: Example, answers: tuple[Answer, Answer], cause: Cause
) -> str:
    """Say where the gradient contradicts the forward, if the right gradient would not."""
    (got, want), name, sentence = answers, cause.result, ""
    for slope, direction, allowed in _slopes(search, example, got[name].array, cause.gradient_of):
        if abs(slope - _along(want, name, direction)) > allowed:
            return ""  # differences say nothing of this scenario: it accumulates, or has a kink
        claimed = _along(got, name, direction)
        if abs(slope - claimed) > allowed:
            sentence = (
                "Your backward disagrees with your own forward: along one direction in "
                f"{cause.gradient_of} your forward, weighted by v, changes at the rate "
                f"{slope:.4g}; your gradient says {claimed:.4g}."
            )
    return sentence


def _slopes(
    search: CounterexampleSearch, example: Example, gradient: Array | None, of: str
) -> Iterator[tuple[float, Array, float]]:
    """Yield slopes of the forward weighted by v, with their directions and allowed deviations."""
    inputs = example.inputs
    if gradient is None or of not in inputs or gradient.shape != inputs[of].shape:
        return
    rng = np.random.default_rng(0)
    for _ in range(DIRECTIONS):
        direction = rng.integers(1, 9, gradient.shape) * rng.choice((-1, 1), gradient.shape) / 8
        scale = np.sqrt(np.mean(direction**2)) * (_norm(gradient) + _norm(inputs["v"]))
        sides = [_weigh(search, example, of, sign * STEP * direction) for sign in (1, -1)]
        if None not in sides:
            ahead, behind = (side for side in sides if side is not None)
            yield (ahead - behind) / (2 * STEP), direction, TOLERANCE * scale


def _weigh(search: CounterexampleSearch, example: Example, of: str, move: Array) -> float | None:
    moved = np.asarray(example.inputs[of] + move, np.float32)
    answer = search.ask(example.change(**{of: moved})).answer
    value = next(iter(answer.values())).array if answer else None
    if value is None or not _has_shape_of_v(value, example):
        return None
    return float((value.astype(np.float64) * example.inputs["v"]).sum())


def _has_shape_of_v(value: Array | None, example: Example) -> bool:
    v = example.inputs.get("v")
    return value is not None and v is not None and value.shape == np.shape(v)


def _along(answer: Answer, name: str, direction: Array) -> float:
    return float((np.asarray(answer[name].array, np.float64) * direction).sum())


def _norm(array: Array) -> float:
    return float(np.linalg.norm(array.astype(np.float64)))
