"""What a wrong gradient is tried against: examples of it, with all that may explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradgate.authoring.inputs import Inputs
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.judging.counterexample import CounterexampleSearch
from gradgate.protocol.values import Answer, Array
from gradgate.results import Cause

EXAMPLES = 24  # to tell apart what a single one cannot: sizes that are equal, numbers that are zero
ELEMENTS = 60  # of v at most, to ask for the contribution of each


class Impossible(Exception):
    """Raised where a mistake cannot be made: there is no such input, or no answer is known."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A submission's gradient of the input `name`, the scenario's `result`, beside the right one.

    `siblings` are the submission's other gradients, `others` the right ones of the other inputs,
    `output` is the right result of the forward, `computed` whether the submission's is right, too;
    `answer` gives the right gradient for other inputs, or None where it is not known.
    """

    name: str
    result: str
    got: Array
    want: Array
    inputs: Inputs
    output: Array
    others: tuple[Array, ...]
    siblings: dict[str, Array]
    computed: bool
    answer: Callable[[Inputs], Array | None]

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
    def broadcast_axes(self) -> tuple[list[int], list[int]]:
        """The axes of v that the gradient lacks, and those where it has length 1 and v has not."""
        return find_broadcast_axes(self.v.shape, self.want.shape)

    def changed(self, **inputs: Array) -> Array:
        """Return the right gradient where some inputs were others; raises Impossible."""
        arrays = {name: np.asarray(array, np.float32) for name, array in inputs.items()}
        if all(np.array_equal(array, self.inputs[name]) for name, array in arrays.items()):
            return self.want
        found = self.answer(dict(arrays))
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


Guess = Callable[[Evidence], Array]
"""What a mistake would make of an example; may raise Impossible, ValueError or IndexError."""

Mistake = tuple[str, Guess]
"""How it goes on after `Your gradient of x`, and what it makes of an example."""


def collect_evidence(
    search: CounterexampleSearch, shown: Example, cause: Cause, failing: int
) -> Iterator[Evidence]:
    """Ask the submission for more examples of a check, after the one shown; raises Stopped.

    Where too few fail, those follow on which the search for the smallest one failed.
    """
    bench = search.bench
    drawn = {shown.key: shown}
    for example in bench.source.examples(search.check, bench.seed + 1):
        if len(drawn) < EXAMPLES:
            drawn[example.key] = example
    found = _ask_for_all(search, drawn.values(), cause)
    yield from found
    if sum(evidence.wrong for evidence in found) < failing:
        yield from _ask_for_all(search, _repeat_failures(search, set(drawn)), cause)


def _repeat_failures(search: CounterexampleSearch, known: set[bytes]) -> list[Example]:
    """Return examples that the search found failing, in its order, but for the known ones."""
    failures: dict[bytes, Example] = {}

    def fails(example: Example) -> bool:
        failed = search.verdicts.get(example.key) is not None
        if failed and example.key not in known and len(failures) < EXAMPLES:
            failures[example.key] = example
        return failed

    search.bench.source.search(search.check, search.bench.seed, fails)
    return list(failures.values())


def _ask_for_all(
    search: CounterexampleSearch, examples: Iterable[Example], cause: Cause
) -> list[Evidence]:
    found = (_ask_for_one(search, example, cause) for example in examples)
    return [evidence for evidence in found if evidence is not None]


def _ask_for_one(search: CounterexampleSearch, example: Example, cause: Cause) -> Evidence | None:
    """Return an example beside the accepted answer that comes closest; None without a gradient."""
    answer, wants = search.ask(example).answer, search.answers(example)
    matching = [search.count_matches(answer, want) for want in wants]
    which, result = matching.index(max(matching)), cause.result
    got, right = _find_arrays(answer), _find_arrays(wants[which])
    if result not in got or result not in right:
        return None
    forward = next(iter(right))
    gradients = {name: v.gradient_of for name, v in wants[which].items() if v.gradient_of}

    def ask_oracle(inputs: Inputs) -> Array | None:
        try:
            return _find_arrays(search.answers(example.change(**inputs))[which]).get(result)
        except HarnessError:  # not recorded, or the reference refuses such inputs
            return None

    return Evidence(
        name=cause.gradient_of,
        result=result,
        got=got[result],
        want=right[result],
        inputs=example.inputs,
        output=right[forward],
        others=tuple(
            right[name] for name, of in gradients.items() if name != result and of in example.inputs
        ),
        siblings={n: got[n] for n in gradients if n != result and n in got},
        computed=bool(search.count_matches(answer, {forward: wants[which][forward]})),
        answer=ask_oracle,
    )


def _find_arrays(answer: Answer) -> dict[str, Any]:
    held = {name: value.array for name, value in answer.items()}
    return {name: np.asarray(a, np.float64) for name, a in held.items() if a is not None}


def find_broadcast_axes(now: tuple[int, ...], was: tuple[int, ...]) -> tuple[list[int], list[int]]:
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
