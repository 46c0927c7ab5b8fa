"""The search finds what is wrong, says it with the smallest example, and knows when to stop."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from grading import grade, reference, write

from gradgate import limits
from gradgate.course.catalog import checks_by_id
from gradgate.authoring.check import Check, Inputs, check
from gradgate.errors import HarnessError
from gradgate.supervisor.worker_client import Stopped
from gradgate.protocol.replies import Reply
from gradgate.examples.search import search
from gradgate.judging.counterexample import Trials
from gradgate.protocol.values import Value

ADDS = checks_by_id()["tensor.adds"]


def searched(fails: Callable[[Inputs], bool], seed: int = 0, of: Check = ADDS) -> list[Inputs]:
    """The examples a search asks about."""
    asked: list[Inputs] = []

    def ask(inputs: Inputs) -> bool:
        asked.append(inputs)
        return fails(inputs)

    search(of, seed, ask)
    return asked


def smallest(fails: Callable[[Inputs], bool], of: Check = ADDS) -> dict[str, Any]:
    """The last example for which a search was told that it fails."""
    found = [inputs for inputs in searched(fails, of=of) if fails(inputs)][-1]
    return {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in found.items()}


def test_where_nothing_fails_as_many_examples_are_tried_as_the_check_asks_for() -> None:
    few = dataclasses.replace(ADDS, examples=17)
    assert len(searched(lambda inputs: False, of=few)) == 17


def test_the_same_seed_draws_the_same_examples() -> None:
    first, again, other = (searched(lambda inputs: False, seed) for seed in (3, 3, 4))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_two_checks_with_the_same_inputs_draw_different_examples() -> None:
    other = dataclasses.replace(ADDS, name="renamed")
    assert repr(searched(lambda i: False)) != repr(searched(lambda i: False, of=other))


def test_what_was_asked_before_does_not_change_what_is_drawn() -> None:
    first = repr(searched(lambda inputs: False))
    searched(lambda inputs: bool(inputs["a"].any()))
    assert repr(searched(lambda inputs: False)) == first


def test_a_failure_is_shrunk_to_the_smallest_example() -> None:
    assert smallest(lambda inputs: True) == {"a": 0, "b": 1}
    assert smallest(lambda i: bool((i["a"] >= 1).any())) == {"a": 1, "b": 1}
    assert smallest(lambda i: bool((i["a"] < 0).any())) == {"a": -0.125, "b": 1}
    assert smallest(lambda i: i["a"].shape != i["b"].shape) == {"a": [0], "b": 1}


def test_inputs_that_can_never_be_drawn_are_an_error_of_ours() -> None:
    def impossible(draw: Any) -> Inputs:
        hypothesis.assume(draw.integer(0, 1) > 1)
        return {}

    with pytest.raises(HarnessError, match=r"tensor\.adds draws no example"):
        searched(lambda inputs: True, of=dataclasses.replace(ADDS, inputs=impossible))


@check(inputs=lambda draw: {"x": draw.grid((2, 2))}, hint="A hint.")
def doubles(api: Any, x: Any) -> dict[str, Any]:
    """A check for the tests below."""
    return {"y": x}


class Student:
    """In place of a worker: answers x + wrong(x), or is stopped."""

    def __init__(self, wrong: Callable[[Any, int], float]) -> None:
        self.calls = 0
        self._wrong = wrong

    def call(self, name: str, inputs: Inputs, seed: int, *, trace: bool = False) -> Reply:
        self.calls += 1
        return Reply({"y": Value("array", inputs["x"] + self._wrong(inputs["x"], self.calls))})

    def printed(self) -> str:
        return ""


class Truth:
    """In place of the oracle."""

    def answers(self, of: Check, inputs: Inputs, seed: int) -> list[dict[str, Value]]:
        return [{"y": Value("array", inputs["x"])}]


def tried(wrong: Callable[[Any, int], float], of: Check = doubles) -> tuple[Trials, Student]:
    """A search through a student's answers."""
    student: Any = Student(wrong)
    truth: Any = Truth()
    trials = Trials(of, student, truth, 0)
    search(of, 0, trials.fails)
    return trials, student


def test_the_same_example_is_asked_once() -> None:
    trials, student = tried(lambda x, calls: 0.0)
    assert student.calls == len(trials.verdicts)
    assert trials.cause is None


def test_the_smallest_failing_example_is_kept() -> None:
    trials, _ = tried(lambda x, calls: float((x > 1).any()))
    assert trials.smallest is not None
    assert sorted(trials.smallest["x"].ravel()) == [0, 0, 0, 1.125]


def test_calls_after_the_first_failure_are_counted_and_limited() -> None:
    many = dataclasses.replace(doubles, examples=100)
    for odds in (2, 3, 5):
        trials, student = tried(lambda x, calls, odds=odds: float(calls % odds == 0), many)
        assert trials.cause is not None
        assert student.calls <= many.examples + limits.SHRINK_CALLS + 1


def test_workers_that_die_are_limited_too() -> None:
    deaths = []

    def dies(x: Any, calls: int) -> float:
        if x.any():
            deaths.append(calls)
            raise Stopped("gone", slow=False)
        return 0.0

    trials, _ = tried(dies)
    assert trials.cause is not None
    assert trials.cause.sentence == "gone"
    assert len(deaths) == limits.DEATHS_PER_CHECK


def test_nobody_waits_twice_for_a_loop_without_end() -> None:
    def hangs(x: Any, calls: int) -> float:
        raise Stopped("slow", slow=True)

    assert tried(hangs)[1].calls == 1


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
    ),
    "a negative slope of ReLU": (
        "02",
        "activations.relu",
        reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, x.data / 8)")),
        {"x": "-0.125"},
    ),
    "a matrix product of elements": (
        "01",
        "tensor.multiplies_matrices",
        reference(
            tensor=("product = np.matmul(a, b)", "product = a * b if a.shape == b.shape else a @ b")
        ),
        {},
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
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_bug_is_told_with_a_small_example(name: str, tmp_path: Path) -> None:
    module, which, files, want = KNOWN[name]
    run = grade(write(tmp_path, files), module, "-k", which.partition(".")[2])
    inputs = run.checks()[which]["inputs"]
    assert want.items() <= inputs.items()
    assert sum(map(numbers_in, inputs.values())) <= 18


def numbers_in(shown: str) -> int:
    """How many numbers an input holds that is shown as `[[0, 1]]  shape (1, 2)`."""
    sides = shown.partition("shape")[2]
    return math.prod(int(side) for side in re.findall(r"\d+", sides))
