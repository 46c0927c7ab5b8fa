"""Naming the mistake in a wrong gradient: the usual ones are tried, and one is told if it fits.

It is told only if it reproduces the submission's numbers in every example, those that come out
right by chance included; of two that fit, the more usual one comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from checks.engine.check import Inputs
from checks.engine.errors import HarnessError
from checks.engine.explain import PREFIX, Array
from checks.engine.results import Cause
from checks.engine.trials import Trials

EXAMPLES = 12  # to tell apart what a single one cannot: sizes that are equal, numbers that are zero
FAILING = 2  # of them at least: one example fits too many mistakes


@dataclass(frozen=True)
class Example:
    """A submission's gradient beside the right one, and what else may explain it.

    `others` are the right gradients of the other inputs, `unweighted` is the right one for a
    cotangent of ones, if there is one.
    """

    got: Array
    want: Array
    inputs: Inputs
    others: tuple[Array, ...]
    unweighted: Array | None


Guess = Callable[[Example], "Array | None"]
"""What a mistake would make of an example; None if it could not be made there."""


def diagnose(trials: Trials, inputs: Inputs, cause: Cause) -> str:
    """Return what is wrong with a gradient in one sentence, or nothing; raises Stopped.

    `inputs` are those that the report shows; sizes are told as they are there.
    """
    if cause.kind not in ("value", "shape") or not cause.result.startswith(PREFIX):
        return ""
    examples = list(_examples(trials, inputs, cause.result))
    wrong = [example for example in examples if not _equal(example.got, example.want)]
    if len(wrong) < FAILING:
        return ""
    name = cause.result.removeprefix(PREFIX)
    for told, guess in _guesses(examples):
        if all(_fits(guess(example), example) for example in examples):
            return f"Your gradient of {name} {told}."
    return ""


def _examples(trials: Trials, shown: Inputs, name: str) -> Iterator[Example]:
    """Ask the submission for more examples of a check, after the one shown."""
    drawn = {repr(shown): shown}

    def keep(inputs: Inputs) -> bool:
        if len(drawn) < EXAMPLES:
            drawn[repr(inputs)] = inputs
        return False

    trials.oracle.search(trials.check, trials.seed + 1, keep)
    for inputs in drawn.values():
        want, reply = trials.wants(inputs)[0], trials.ask(inputs)
        got = reply.answer.get(name)
        right = {key: value.array for key, value in want.items() if value.array is not None}
        if got is not None and got.array is not None and name in right:
            others = [right[key] for key in right if key.startswith(PREFIX) and key != name]
            unweighted = _unweighted(trials, inputs, name)
            yield Example(got.array, right[name], inputs, tuple(others), unweighted)


def _unweighted(trials: Trials, inputs: Inputs, name: str) -> Array | None:
    """Return the right gradient for a cotangent of ones, where the oracle knows it."""
    if "v" not in inputs:
        return None
    try:
        return trials.wants({**inputs, "v": np.ones_like(inputs["v"])})[0][name].array
    except HarnessError:  # not recorded
        return None


def _guesses(examples: Sequence[Example]) -> Iterator[tuple[str, Guess]]:
    yield "is zero everywhere", lambda e: np.zeros_like(e.want)
    yield "has the wrong sign", lambda e: -e.want
    yield "is transposed", lambda e: e.want.swapaxes(-1, -2) if e.want.ndim > 1 else e.want
    yield "is the one that belongs to the other operand", _of_the_other
    yield "leaves out the gradient that arrives from above (v)", lambda e: e.unweighted
    yield "is the gradient that arrives from above (v), unchanged", _unchanged
    yield "is not summed over the axes along which it was stretched", _unsummed
    for name, size in _sizes(examples[0]).items():
        yield f"is the right one times {size}, {name}", _scaled(name, 1)
        yield f"is the right one divided by {size}, {name}", _scaled(name, -1)
    factor = _common_factor(examples)
    if factor is not None:
        yield f"is the right one times {factor:.4g}, in every example", lambda e: factor * e.want


def _fits(guess: Array | None, example: Example) -> bool:
    return guess is not None and _equal(guess, example.got)


def _equal(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    allowed = 1e-4 * max(np.abs(other).max(initial=0), np.abs(one).max(initial=0)) + 1e-6
    return bool((np.abs(one - other) <= allowed).all())


def _of_the_other(example: Example) -> Array | None:
    return example.others[0] if len(example.others) == 1 else None


def _unchanged(example: Example) -> Array | None:
    v = example.inputs.get("v")
    return v if isinstance(v, np.ndarray) and v.shape == example.want.shape else None


def _unsummed(example: Example) -> Array | None:
    """Return what came if summing it over stretched axes gives the right gradient."""
    got, want = example.got, example.want
    added = got.ndim - want.ndim
    if added < 0 or got.shape == want.shape:
        return want if got.shape == want.shape else None
    pairs = zip(got.shape[added:], want.shape, strict=True)
    stretched = [added + axis for axis, (now, was) in enumerate(pairs) if was == 1 < now]
    summed = got.sum(axis=(*range(added), *stretched), keepdims=False)
    return got if _equal(summed.reshape(-1), want.reshape(-1)) else None


def _sizes(example: Example) -> dict[str, int]:
    """Name the numbers that gradients are divided by, rightly or not."""
    want, results = example.want, np.size(example.inputs.get("v", 0))
    return {
        "the batch size": want.shape[0] if want.ndim else 1,
        "the length of the last axis": want.shape[-1] if want.ndim else 1,
        "the number of elements": want.size,
        "the number of elements that go into each result": max(want.size // max(results, 1), 1),
        "the number of places it was stretched to": max(results // max(want.size, 1), 1),
    }


def _scaled(name: str, power: int) -> Guess:
    def guess(example: Example) -> Array | None:
        return example.want * float(_sizes(example)[name]) ** power

    return guess


def _common_factor(examples: Sequence[Example]) -> float | None:
    """Return by what the right gradient is multiplied in the example where it is largest."""
    alike = [e for e in examples if e.got.shape == e.want.shape and np.any(e.want)]
    if not alike:
        return None
    largest = max(alike, key=lambda e: float(np.abs(e.want).max()))
    at = np.abs(largest.want).argmax()
    return float(largest.got.flat[at] / largest.want.flat[at])
