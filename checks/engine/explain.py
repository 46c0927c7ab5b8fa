"""Whose fault a wrong gradient is: central differences through the submission's own forward.

Run only after a failure, on the smallest counterexample. Steps, directions and tolerance are the
measured ones for a float32 forward: differences of a correct one stay twenty times below it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from checks.engine.check import Inputs
from checks.engine.results import Cause
from checks.engine.trials import Trials
from checks.engine.values import Answer

STEP = 2.0**-6
DIRECTIONS = 3
TOLERANCE = 1e-3
PREFIX = "grad of "

Array = NDArray[Any]


def explain(trials: Trials, inputs: Inputs, cause: Cause) -> str:
    """Return what differences say of a wrong gradient or a wrong forward, or nothing.

    The scenario's first result is the forward value and `v` the cotangent; `grad of x` belongs to
    the input `x`. Raises Stopped where the worker ends.
    """
    answer = trials.ask(inputs).answer
    forward = next(iter(answer), "")
    gradients = [name for name in answer if name.startswith(PREFIX)]
    wanted = [cause.result] if cause.result in gradients else gradients
    if cause.kind != "value" or not wanted or not _applies(answer, forward, inputs):
        return ""
    lines = [_compare(trials, inputs, answer, forward, name) for name in wanted]
    if cause.result == forward:
        wrong = next((line for line in lines if line), "")
        return wrong or "Your backward agrees with your own forward: mend the forward first."
    return lines[0]


def _applies(answer: Answer, forward: str, inputs: Inputs) -> bool:
    value, cotangent = answer[forward].array, inputs.get("v")
    return value is not None and cotangent is not None and value.shape == cotangent.shape


def _compare(trials: Trials, inputs: Inputs, answer: Answer, forward: str, name: str) -> str:
    of, gradient = name.removeprefix(PREFIX), answer[name].array
    point = inputs.get(of)
    if gradient is None or point is None or gradient.shape != point.shape:
        return ""
    rng = np.random.default_rng(0)
    for _ in range(DIRECTIONS):
        direction = rng.integers(1, 9, point.shape) * rng.choice((-1, 1), point.shape) / 8
        slope = _slope(trials, inputs, of, direction, forward)
        claimed = float((gradient * direction).sum())
        scale = np.sqrt(np.mean(direction**2)) * (_norm(gradient) + _norm(inputs["v"]))
        if slope is not None and abs(slope - claimed) > TOLERANCE * scale:
            return (
                f"Your backward disagrees with your own forward: along one direction in {of} your "
                f"forward, weighted by v, changes at the rate {slope:.4g}; your gradient says "
                f"{claimed:.4g}."
            )
    return ""


def _slope(trials: Trials, inputs: Inputs, of: str, direction: Array, forward: str) -> float | None:
    sides = []
    for sign in (1, -1):
        moved = np.asarray(inputs[of] + sign * STEP * direction, np.float32)
        value = trials.ask({**inputs, of: moved}).answer.get(forward)
        if value is None or value.array is None or value.array.shape != inputs["v"].shape:
            return None
        sides.append(float((value.array.astype(np.float64) * inputs["v"]).sum()))
    return (sides[0] - sides[1]) / (2 * STEP)


def _norm(array: Array) -> float:
    return float(np.linalg.norm(array.astype(np.float64)))
