"""The search finds what is wrong, says it with the smallest example, and knows when to stop."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from corpora import mark_most_long

from gradgate.authoring.check import Check, Inputs, check
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.examples.search import DrawnExamples, draw_simple
from gradgate.judging.counterexample import Bench, CounterexampleSearch
from gradgate.limits import Limits
from gradgate.protocol.frames import PackedInputs, unpack_inputs
from gradgate.protocol.replies import Reply
from gradgate.protocol.values import Answer, Value
from gradgate.supervisor.worker_client import Stopped
from proof.harness import grade, reference, write
from proof.project import COURSE

LIMITS = Limits()
ADDS = COURSE.checks["tensor.adds"]


def search(fails: Callable[[Inputs], bool], seed: int = 0, of: Check = ADDS) -> list[Inputs]:
    """Return the examples that a search asks about."""
    asked: list[Inputs] = []

    def ask(example: Example) -> bool:
        asked.append(example.inputs)
        return fails(example.inputs)

    DrawnExamples().search(of, seed, ask)
    return asked


def find_smallest(fails: Callable[[Inputs], bool], of: Check = ADDS) -> dict[str, Any]:
    """Return the last example for which a search was told that it fails."""
    found = [inputs for inputs in search(fails, of=of) if fails(inputs)][-1]
    return {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in found.items()}


def test_where_nothing_fails_as_many_examples_are_tried_as_the_check_asks_for() -> None:
    few = dataclasses.replace(ADDS, examples=17)
    assert len(search(lambda inputs: False, of=few)) == 17 + len(ADDS.corners)


def test_corners_are_asked_at_every_seed_where_nothing_that_is_drawn_fails() -> None:
    corner = {"a": np.float32([7.0]), "b": np.float32([9.0])}
    cornered = dataclasses.replace(ADDS, corners=(corner,))
    for seed in range(3):
        assert search(lambda inputs: False, seed, cornered)[-1] == corner


def test_where_what_is_drawn_fails_corners_are_not_asked() -> None:
    assert ADDS.corners
    assert find_smallest(lambda inputs: inputs["a"].size > 0) == {"a": 0.0, "b": 1.0}


def test_where_only_a_corner_fails_it_is_what_fails() -> None:
    asked = search(lambda inputs: inputs["a"].size > 1000)
    assert [inputs["a"].shape for inputs in asked if inputs["a"].size > 1000] == [(40, 30)]


def test_simple_examples_are_smaller_than_those_a_check_is_judged_by() -> None:
    simple = [example.size for example in draw_simple(ADDS, 0)]
    usual = [e.size for e in DrawnExamples().examples(dataclasses.replace(ADDS, corners=()), 0)]
    assert len(set(simple)) > 10
    assert sorted(simple)[len(simple) // 2] < sorted(usual)[len(usual) // 4]


def test_the_same_seed_draws_the_same_examples() -> None:
    first, again, other = (search(lambda inputs: False, seed) for seed in (3, 3, 4))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_two_checks_with_the_same_inputs_draw_different_examples() -> None:
    other = dataclasses.replace(ADDS, name="renamed")
    assert repr(search(lambda i: False)) != repr(search(lambda i: False, of=other))


def test_what_was_asked_before_does_not_change_what_is_drawn() -> None:
    first = repr(search(lambda inputs: False))
    search(lambda inputs: bool(inputs["a"].any()))
    assert repr(search(lambda inputs: False)) == first


def test_a_failure_is_shrunk_to_the_smallest_example() -> None:
    assert find_smallest(lambda inputs: True) == {"a": 0, "b": 1}
    assert find_smallest(lambda i: bool((i["a"] >= 1).any())) == {"a": 1, "b": 1}
    assert find_smallest(lambda i: bool((i["a"] < 0).any())) == {"a": -0.125, "b": 1}
    assert find_smallest(lambda i: i["a"].shape != i["b"].shape) == {"a": [0], "b": 1}


@pytest.mark.parametrize("most", [1, 10**6])
def test_inputs_that_can_never_be_drawn_are_an_error_of_ours(most: int) -> None:
    def draw_impossible(draw: Any) -> Inputs:
        hypothesis.assume(draw.integer(0, most) > most)
        return {}

    with pytest.raises(HarnessError, match=r"^tensor\.adds draws no example: .+$"):
        search(lambda inputs: True, of=dataclasses.replace(ADDS, inputs=draw_impossible))


@check(inputs=lambda draw: {"x": draw.grid((2, 2))}, hint="A hint.")
def doubles(api: Any, x: Any) -> dict[str, Any]:
    """A check for the tests below."""
    return {"y": x}


class Student:
    """In place of a worker: answers x + wrong(x), or is stopped."""

    def __init__(self, wrong: Callable[[Any, int], float], limits: Limits) -> None:
        self.calls = 0
        self.limits = limits
        self._wrong = wrong

    def call(self, name: str, packed: PackedInputs, seed: int, *, trace: bool = False) -> Reply:
        self.calls += 1
        x = unpack_inputs(*packed)["x"]
        wrong = Value(kind="array", array=x + self._wrong(x, self.calls))
        return Reply(answer={"y": wrong})

    def printed(self) -> str:
        return ""


class Truth:
    """In place of the oracle."""

    name = "truth"

    def answers(self, check: Check, example: Example) -> list[Answer]:
        return [{"y": Value(kind="array", array=example.inputs["x"])}]


def search_answers(
    wrong: Callable[[Any, int], float], of: Check = doubles, limits: Limits = LIMITS
) -> tuple[CounterexampleSearch, Student]:
    """Search through a student's answers."""
    student: Any = Student(wrong, limits)
    bench = Bench(course=COURSE, worker=student, source=DrawnExamples(), oracle=Truth(), seed=0)
    found = CounterexampleSearch(of, bench)
    found.run()
    return found, student


def test_the_same_example_is_asked_once() -> None:
    found, student = search_answers(lambda x, calls: 0.0)
    assert student.calls == len(found.verdicts)
    assert found.cause is None


def test_the_smallest_failing_example_is_kept() -> None:
    found, _ = search_answers(lambda x, calls: float((x > 1).any()))
    assert found.smallest is not None
    assert sorted(found.smallest.inputs["x"].ravel()) == [0, 0, 0, 1.125]


@pytest.mark.parametrize("most", [LIMITS.shrink_calls, 20])
def test_calls_after_the_first_failure_are_counted_and_limited(most: int) -> None:
    many, limits = dataclasses.replace(doubles, examples=100), Limits(shrink_calls=most)
    for odds in (2, 3, 5):
        wrong = partial(is_every, odds=odds)
        found, student = search_answers(wrong, many, limits)
        assert found.cause is not None
        assert student.calls <= many.examples + most + 1


def is_every(x: Any, calls: int, odds: int) -> float:
    """Return 1 in every so many calls."""
    return float(calls % odds == 0)


@pytest.mark.parametrize("most", [LIMITS.deaths_per_check, 1, 5])
def test_workers_that_die_are_limited_too(most: int) -> None:
    deaths = []

    def die(x: Any, calls: int) -> float:
        if x.any():
            deaths.append(calls)
            raise Stopped("gone", slow=False)
        return 0.0

    found, _ = search_answers(die, limits=Limits(deaths_per_check=most))
    assert found.cause is not None
    assert found.cause.sentence == "gone"
    assert len(deaths) == most


def test_nobody_waits_twice_for_a_loop_without_end() -> None:
    def hang(x: Any, calls: int) -> float:
        raise Stopped("slow", slow=True)

    assert search_answers(hang)[1].calls == 1


# Module, check, submission, what its inputs are, and a seed. Where the first failure found has
# three equal sides of 4, as at seed 0 for products, no step of shrinking lowers all three at once.
KNOWN = {
    "addition that does not broadcast": (
        "01",
        "tensor.adds",
        reference(
            tensor=(
                "return Tensor.from_op(self.data + other.data,",
                "assert self.shape == other.shape\n"
                "        return Tensor.from_op(self.data + other.data,",
            )
        ),
        {"a": "[0]  shape (1,)"},
        0,
    ),
    "a negative slope of ReLU": (
        "02",
        "activations.relu",
        reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, x.data / 8)")),
        {"x": "-0.125"},
        0,
    ),
    "a matrix product of elements": (
        "01",
        "tensor.multiplies_matrices",
        reference(
            tensor=("product = np.matmul(a, b)", "product = a * b if a.shape == b.shape else a @ b")
        ),
        {},
        1,
    ),
    "a bias gradient that is a mean": (
        "05",
        "autograd.linear",
        reference(
            autograd=(
                "g.sum(axis=(*range(added), *stretched))",
                "g.mean(axis=(*range(added), *stretched))",
            )
        ),
        {},
        0,
    ),
}


@pytest.mark.parametrize("name", mark_most_long(KNOWN))
def test_a_known_mistake_is_reported_with_a_small_example(name: str, tmp_path: Path) -> None:
    module, which, files, want, seed = KNOWN[name]
    word = which.partition(".")[2]
    run = grade(write(tmp_path, files), module, "-k", word, "--seed", str(seed))
    inputs = run.checks()[which]["inputs"]
    assert want.items() <= inputs.items()
    assert sum(map(count_numbers, inputs.values())) <= 18


def count_numbers(shown: str) -> int:
    """Return how many numbers an input holds that is shown as `[[0, 1]]  shape (1, 2)`."""
    sides = shown.partition("shape")[2]
    return math.prod(int(side) for side in re.findall(r"\d+", sides))
