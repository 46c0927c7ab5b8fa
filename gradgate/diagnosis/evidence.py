"""What a wrong gradient is tried against: examples of it, with all that may explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradgate.authoring.check import Inputs
from gradgate.judging.compare import matches
from gradgate.errors import HarnessError
from gradgate.diagnosis.finite_differences import PREFIX, Array
from gradgate.judging.counterexample import Trials, key_of
from gradgate.protocol.values import Answer

EXAMPLES = 24  # to tell apart what a single one cannot: sizes that are equal, numbers that are zero
ELEMENTS = 60  # of v at most, to ask for the contribution of each


class Impossible(Exception):
    """Raised where a mistake cannot be made: there is no such input, or no answer is known."""


@dataclass(frozen=True)
class Example:
    """A submission's gradient, the scenario's `result`, beside the right one.

    `siblings` are the submission's other gradients, `others` the right ones of the other inputs,
    `output` is the right result of the forward, `computed` whether the submission's is right, too;
    `answer` gives the right gradient for other inputs, or None where it is not known.
    """

    result: str
    got: Array
    want: Array
    inputs: Inputs
    output: Array
    others: tuple[Array, ...]
    siblings: dict[str, Array]
    computed: bool
    answer: Callable[[Inputs], Array | None]

    @property
    def name(self) -> str:
        """The input that the gradient belongs to."""
        return self.result.removeprefix(PREFIX).partition(",")[0]

    @cached_property
    def wrong(self) -> bool:
        """Whether the two differ."""
        return not equal(self.got, self.want)

    @property
    def v(self) -> Array:
        """The cotangent; raises Impossible where it is no input."""
        return self.array("v")

    def array(self, name: str) -> Array:
        """Return an input that is an array of real numbers; raises Impossible for any other."""
        value = self.inputs.get(name)
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            raise Impossible
        return value.astype(np.float64)

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """The inputs that are arrays of real numbers, except the cotangent."""
        real = (name for name, value in self.inputs.items() if getattr(value, "dtype", "") == "f4")
        return {name: self.array(name) for name in real if name != "v"}

    @property
    def stretched(self) -> tuple[list[int], list[int]]:
        """The axes of v that the gradient lacks, and those where it has length 1 and v has not."""
        return stretched(self.v.shape, self.want.shape)

    def changed(self, **inputs: Array) -> Array:
        """Return the right gradient where some inputs were others; raises Impossible."""
        arrays = {name: np.asarray(array, np.float32) for name, array in inputs.items()}
        if all(np.array_equal(array, self.inputs[name]) for name, array in arrays.items()):
            return self.want
        found = self.answer({**self.inputs, **arrays})
        if found is None:
            raise Impossible
        return found

    @cached_property
    def contributions(self) -> Array:
        """What each element of v adds to the right gradient, by the axes of v and then its own."""
        weights = np.reshape(self.v, (*self.v.shape, *[1] * self.want.ndim))
        weighted: Array = self._slopes * weights
        if not equal(weighted.sum(axis=tuple(range(self.v.ndim))), self.want):
            raise Impossible  # v is used otherwise, too
        return weighted

    @cached_property
    def reach(self) -> Array:
        """Which element of v reaches which of the gradient, numbers that are zero apart."""
        rest = {name: np.ones_like(a) for name, a in self.arrays.items() if name != self.name}
        return np.asarray((self._slopes_for(rest) if rest else self._slopes) != 0)

    @cached_property
    def _slopes(self) -> Array:
        return self._slopes_for({})

    def _slopes_for(self, changes: Mapping[str, Array]) -> Array:
        """Return the right gradient for each element of v alone, after some inputs changed."""
        if self.v.size > ELEMENTS:
            raise Impossible
        units = np.eye(self.v.size).reshape(-1, *self.v.shape)
        rows = [self.changed(**changes, v=unit) for unit in units]
        return np.reshape(rows, (*self.v.shape, *self.want.shape))


Guess = Callable[[Example], Array]
"""What a mistake would make of an example; may raise Impossible, ValueError or IndexError."""

Mistake = tuple[str, Guess]
"""How it goes on after `Your gradient of x`, and what it makes of an example."""


def examples(trials: Trials, shown: Inputs, result: str, failing: int) -> Iterator[Example]:
    """Ask the submission for more examples of a check, after the one shown; raises Stopped.

    Where too few fail, those follow on which the search for the smallest one failed.
    """
    drawn = {key_of(shown): shown}

    def keep(inputs: Inputs) -> bool:
        if len(drawn) < EXAMPLES:
            drawn[key_of(inputs)] = inputs
        return False

    def again(inputs: Inputs) -> bool:
        failed = trials.verdicts.get(key_of(inputs)) is not None
        if failed and len(drawn) < 2 * EXAMPLES:
            drawn[key_of(inputs)] = inputs
        return failed

    trials.oracle.search(trials.check, trials.seed + 1, keep)
    found = _asked(trials, drawn, result)
    yield from found
    if sum(example.wrong for example in found) < failing:
        known = set(drawn)
        trials.oracle.search(trials.check, trials.seed, again)
        rest = {key: inputs for key, inputs in drawn.items() if key not in known}
        yield from _asked(trials, rest, result)


def _asked(trials: Trials, drawn: Mapping[bytes, Inputs], result: str) -> list[Example]:
    found = (_example(trials, inputs, result) for inputs in drawn.values())
    return [example for example in found if example is not None]


def _example(trials: Trials, inputs: Inputs, result: str) -> Example | None:
    """Return an example beside the accepted answer that comes closest; None without a gradient."""
    answer, wants = trials.ask(inputs).answer, trials.wants(inputs)
    fitting = [matches(answer, want, trials.check.tolerance) for want in wants]
    which = fitting.index(max(fitting))
    held, right = _arrays(answer), _arrays(wants[which])
    if result not in held or result not in right:
        return None
    forward = next(iter(right))
    others = [name for name in right if name != result and name.removeprefix(PREFIX) in inputs]

    def ask_oracle(changed: Inputs) -> Array | None:
        try:
            return _arrays(trials.wants(changed)[which]).get(result)
        except HarnessError:  # not recorded, or the reference refuses such inputs
            return None

    return Example(
        result=result,
        got=held.pop(result),
        want=right[result],
        inputs=inputs,
        output=right[forward],
        others=tuple(right[name] for name in others),
        siblings={name: a for name, a in held.items() if name.startswith(PREFIX)},
        computed=bool(matches(answer, {forward: wants[which][forward]}, trials.check.tolerance)),
        answer=ask_oracle,
    )


def _arrays(answer: Answer) -> dict[str, Any]:
    held = {name: value.array for name, value in answer.items()}
    return {name: np.asarray(a, np.float64) for name, a in held.items() if a is not None}


def stretched(now: tuple[int, ...], was: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Return the axes that broadcasting one shape to another has added, and those from length 1."""
    added = len(now) - len(was)
    pairs = enumerate(zip(now[max(added, 0) :], was, strict=False))
    return [*range(added)], [added + axis for axis, (side, old) in pairs if old == 1 < side]


def close(one: Array, other: Array) -> Array:
    """Tell where two arrays of one shape are the same up to rounding."""
    allowed = 1e-4 * max(np.abs(other).max(initial=0), np.abs(one).max(initial=0)) + 1e-6
    return np.asarray(np.abs(one - other) <= allowed)


def equal(one: Array, other: Array) -> bool:
    """Tell whether two gradients are the same up to rounding."""
    return one.shape == other.shape and bool(close(one, other).all())
