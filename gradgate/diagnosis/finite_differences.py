"""Whose fault a wrong gradient is: central differences through the submission's own forward.

Run only after a failure, on the smallest counterexample. Steps, directions and tolerance are the
measured ones for a float32 forward: differences of a correct one stay twenty times below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgate.authoring.check import Inputs
from gradgate.results import Cause
from gradgate.judging.counterexample import Trials
from gradgate.protocol.values import Answer

STEP = 2.0**-6
DIRECTIONS = 3
TOLERANCE = 1e-3
PREFIX = "grad of "
FORWARD_FIRST = "Your backward agrees with your own forward: mend the forward first."

Array = NDArray[Any]


def explain(trials: Trials, inputs: Inputs, cause: Cause) -> str:
    """Return what differences say of a wrong gradient or a wrong forward, or nothing.

    The scenario's first result is the forward value and `v` the cotangent; `grad of x` belongs to
    the input `x`. Raises Stopped where the worker ends.
    """
    got, want = trials.ask(inputs).answer, trials.wants(inputs)[0]
    forward = next(iter(got), "")
    gradients = [name for name in got if name.startswith(PREFIX)]
    if cause.kind != "value" or not gradients or not _same_shape(got[forward].array, inputs):
        return ""
    if cause.result == forward:
        agree = [
            abs(slope - _along(got, name, direction)) <= allowed
            for name in gradients
            for slope, direction, allowed in _slopes(trials, inputs, got, name)
        ]
        return FORWARD_FIRST if agree and all(agree) else ""
    if cause.result not in gradients:
        return ""
    return _contradiction(trials, inputs, got, want, cause.result)


def _contradiction(trials: Trials, inputs: Inputs, got: Answer, want: Answer, name: str) -> str:
    """Say where the gradient contradicts the forward, if the right gradient would not."""
    found = ""
    for slope, direction, allowed in _slopes(trials, inputs, got, name):
        if abs(slope - _along(want, name, direction)) > allowed:
            return ""  # differences say nothing of this scenario: it accumulates, or has a kink
        claimed = _along(got, name, direction)
        if abs(slope - claimed) > allowed:
            found = (
                "Your backward disagrees with your own forward: along one direction in "
                f"{name.removeprefix(PREFIX)} your forward, weighted by v, changes at the rate "
                f"{slope:.4g}; your gradient says {claimed:.4g}."
            )
    return found


def _slopes(
    trials: Trials, inputs: Inputs, got: Answer, name: str
) -> Iterator[tuple[float, Array, float]]:
    """Yield slopes of the forward weighted by v, with their directions and allowed deviations."""
    of, gradient = name.removeprefix(PREFIX), got[name].array
    if gradient is None or of not in inputs or gradient.shape != inputs[of].shape:
        return
    rng = np.random.default_rng(0)
    for _ in range(DIRECTIONS):
        direction = rng.integers(1, 9, gradient.shape) * rng.choice((-1, 1), gradient.shape) / 8
        scale = np.sqrt(np.mean(direction**2)) * (_norm(gradient) + _norm(inputs["v"]))
        sides = [_weighted(trials, inputs, of, sign * STEP * direction) for sign in (1, -1)]
        if None not in sides:
            ahead, behind = (side for side in sides if side is not None)
            yield (ahead - behind) / (2 * STEP), direction, TOLERANCE * scale


def _weighted(trials: Trials, inputs: Inputs, of: str, move: Array) -> float | None:
    moved = np.asarray(inputs[of] + move, np.float32)
    answer = trials.ask({**inputs, of: moved}).answer
    value = next(iter(answer.values())).array if answer else None
    if value is None or not _same_shape(value, inputs):
        return None
    return float((value.astype(np.float64) * inputs["v"]).sum())


def _same_shape(value: Array | None, inputs: Inputs) -> bool:
    return value is not None and "v" in inputs and value.shape == inputs["v"].shape


def _along(answer: Answer, name: str, direction: Array) -> float:
    return float((np.asarray(answer[name].array, np.float64) * direction).sum())


def _norm(array: Array) -> float:
    return float(np.linalg.norm(array.astype(np.float64)))
