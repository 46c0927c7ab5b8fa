"""An example is made once: what identifies it, seeds it and orders it follows from its inputs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradgate.authoring.check import Check
from gradgate.examples import example as example_module
from gradgate.examples.example import Example, make_example
from gradgate.examples.search import DrawnExamples
from gradgate.grading.judge import judge
from gradgate.judging.counterexample import Bench
from gradgate.limits import Limits
from gradgate.oracle.live import LiveOracle
from gradgate.protocol.frames import PackedInputs, pack_inputs, unpack_inputs
from gradgate.protocol.replies import Reply
from gradgate.protocol.values import Answer, Value
from gradgate.submission.layout import find_submission
from proof.project import COURSE, PROJECT

F32 = np.float32
SUBTRACTS = COURSE.checks["tensor.subtracts"]

DIFFERENT: Sequence[dict[str, Any]] = (
    {},
    {"x": None},
    {"y": None},
    {"x": 0},
    {"x": 1},
    {"x": -1},
    {"x": 0.5},
    {"x": "0"},
    {"x": ""},
    {"x": True},
    {"x": False},
    {"x": []},
    {"x": [0]},
    {"x": [[0]]},
    {"x": {"y": 0}},
    {"x": 0, "y": 1},
    {"x": 1, "y": 0},
    {"x": {"array": 0}},
    {"x": {"value": 0}},
    {"x": np.array(0, F32)},
    {"x": F32([0])},
    {"x": F32([-0.0])},
    {"x": F32([0, 0])},
    {"x": F32([[0, 0]])},
    {"x": F32([[0], [0]])},
    {"x": np.array([0, 0], np.int32)},
    {"x": np.array([0])},
    {"x": np.array([0.0])},
    {"x": np.array([False])},
    {"x": np.zeros((0, 3), F32)},
    {"x": np.zeros((3, 0), F32)},
    {"x": F32([1, 2]), "y": F32([3])},
    {"x": F32([1]), "y": F32([2, 3])},
    {"y": F32([1]), "x": F32([2, 3])},
    {"x": F32([1]), "y": 0},
    {"x": 0, "y": F32([1])},
)


def test_examples_with_different_inputs_have_different_keys() -> None:
    keys = [make_example(inputs, 0).key for inputs in DIFFERENT]
    equal = [
        (DIFFERENT[i], DIFFERENT[j])
        for (i, one), (j, other) in itertools.combinations(enumerate(keys), 2)
        if one == other
    ]
    assert equal == []


def test_examples_with_equal_inputs_have_equal_keys_at_every_seed() -> None:
    x = np.arange(6, dtype=F32).reshape(2, 3)
    keys = {
        make_example({"x": same, "axis": [0, 1], "keep": None}, seed).key
        for same in (x, x.copy(), np.asfortranarray(x), x[::-1][::-1], x.T.copy().T)
        for seed in (0, 1, -1)
    }
    assert len(keys) == 1


arrays = hnp.arrays(
    st.sampled_from([F32, np.int64, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=2),
    elements={"min_value": 0, "max_value": 1},
)
plain = st.none() | st.booleans() | st.integers(0, 2) | st.text("a1", max_size=2)
inputs_of_any_kind = st.dictionaries(
    st.sampled_from("xy"), arrays | plain | st.lists(plain, max_size=2)
)


@given(inputs_of_any_kind, inputs_of_any_kind)
@settings(max_examples=500, deadline=None, database=None, derandomize=True)
def test_keys_are_equal_for_equal_inputs_only(one: Any, other: Any) -> None:
    same = describe(one) == describe(other)
    assert (make_example(one, 0).key == make_example(other, 0).key) == same


def describe(inputs: Mapping[str, Any]) -> list[Any]:
    """Return inputs as something that equals only what describes the same inputs."""
    return [
        (name, v.dtype.str, v.shape, v.tolist()) if isinstance(v, np.ndarray) else (name, repr(v))
        for name, v in inputs.items()
    ]


def test_an_example_is_packed_as_its_inputs_are() -> None:
    inputs = {"x": F32([1, 2]), "axis": [0, 1], "v": np.zeros(())}
    example = make_example(inputs, 0)
    assert example.inputs == inputs
    assert example.packed.plain == pack_inputs(inputs).plain
    assert [id(array) for array in example.packed.arrays] == [id(inputs["x"]), id(inputs["v"])]
    assert repr(unpack_inputs(*example.packed)) == repr(inputs)


@pytest.mark.parametrize("value", [np.float32(1), {1, 2}, b"bytes", object()])
def test_inputs_that_are_neither_arrays_nor_json_make_no_example(value: Any) -> None:
    with pytest.raises(TypeError, match="JSON serializable"):
        make_example({"x": value}, 0)


# Its seed.


def test_the_seed_depends_on_the_inputs_and_on_the_seed_of_the_run() -> None:
    seeds = [make_example({"x": F32([x])}, run).seed for x in range(20) for run in range(20)]
    assert len(set(seeds)) == len(seeds)
    assert make_example({"x": 1}, 7).run_seed == 7


def test_the_same_inputs_in_the_same_run_have_the_same_seed() -> None:
    assert make_example({"x": F32([1])}, 5).seed == make_example({"x": F32([1])}, 5).seed


@pytest.mark.parametrize("run", [0, -1, 2**31, 2**32 - 1, 2**32, 2**80, -(2**80)])
def test_any_whole_number_may_be_the_seed_of_a_run(run: int) -> None:
    seeds = [make_example({"x": x}, run).seed for x in range(100)]
    assert all(0 <= seed < 2**31 for seed in seeds)
    np.random.RandomState(seeds[0])


# Changing it.


def test_a_changed_example_is_the_one_with_other_inputs() -> None:
    example = make_example({"x": F32([1]), "axis": 0}, 3)
    changed = example.change(x=F32([2, 3]))
    made = make_example({"x": F32([2, 3]), "axis": 0}, 3)
    assert changed.inputs["x"].tolist() == [2, 3]
    assert (changed.key, changed.seed, changed.run_seed) == (made.key, made.seed, 3)
    assert changed.packed.plain == made.packed.plain
    assert changed.size == made.size
    assert list(changed.inputs) == ["x", "axis"]


def test_the_example_that_is_changed_stays_as_it_was() -> None:
    example = make_example({"x": F32([1]), "axis": 0}, 3)
    key = example.key
    example.change(x=F32([2, 3]), more=1)
    assert example.inputs == {"x": F32([1]), "axis": 0}
    assert example.key == key == make_example(example.inputs, 3).key


def test_changing_nothing_leads_to_the_same_example() -> None:
    example = make_example({"x": F32([1]), "axis": 0}, 3)
    assert example.change().key == example.key
    assert example.change(x=F32([1])).key == example.key


# Its size.


def test_smaller_examples_have_fewer_numbers_then_more_zeros_then_smaller_ones() -> None:
    in_order: list[dict[str, Any]] = [
        {"x": F32([])},
        {"x": F32([0])},
        {"x": F32([0, 0])},
        {"x": F32([0.125])},
        {"x": F32([-1])},
        {"x": F32([2])},
        {"x": F32([0, 0, 0])},
        {"x": F32([0, 1])},
        {"x": F32([0]), "v": F32([2])},
        {"x": F32([0, 0, 0, 0])},
        {"x": F32([1, 1])},
        {"x": F32([1]), "v": np.array([3])},
        {"x": np.array([True, True]), "v": F32([0])},
    ]
    sizes = [make_example(inputs, 0).size for inputs in in_order]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len(sizes)


def test_of_examples_with_the_same_numbers_the_one_with_shorter_parameters_is_smaller() -> None:
    sizes = [
        make_example({"x": F32([1]), "axis": axis}, 0).size
        for axis in (0, -1, None, [0, 1], [0, 1, 2])
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len(sizes)


def test_signs_do_not_matter_to_the_size() -> None:
    sizes = {make_example({"x": F32([sign * 2, 1])}, 0).size for sign in (1, -1)}
    assert len(sizes) == 1


# Packed once.


class Student:
    """In place of a worker: answers as the oracle does, plus `wrong(x)`."""

    def __init__(self, wrong: Callable[[Any], float]) -> None:
        self.asked: list[PackedInputs] = []
        self.limits = Limits()
        self.submission = find_submission(PROJECT / "reference", COURSE)
        self._wrong = wrong

    def call(self, name: str, packed: PackedInputs, seed: int, *, trace: bool = False) -> Reply:
        self.asked.append(packed)
        inputs = unpack_inputs(*packed)
        got = inputs["a"] - inputs["b"] + F32(self._wrong(inputs["a"]))
        return Reply(answer={"a - b": Value(kind="holder", array=got)})

    def printed(self) -> str:
        return ""

    def restart(self) -> None:
        pass


class CountingOracle(LiveOracle):
    """The oracle, which counts what it is asked."""

    asked = 0

    def answers(self, check: Check, example: Example) -> Sequence[Answer]:
        self.asked += 1
        return super().answers(check, example)


@pytest.mark.parametrize("fails", [False, True])
def test_judging_one_check_packs_each_example_once(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[PackedInputs] = []
    drawn: list[int] = []

    def count(inputs: Mapping[str, Any]) -> PackedInputs:
        packed.append(pack_inputs(inputs))
        return packed[-1]

    def draw(of: Any) -> Any:
        drawn.append(1)
        return SUBTRACTS.inputs(of)

    monkeypatch.setattr(example_module, "pack_inputs", count)
    student, oracle = Student(lambda a: float(fails and a.any())), CountingOracle(COURSE)
    worker: Any = student
    bench = Bench(course=COURSE, worker=worker, source=DrawnExamples(), oracle=oracle, seed=0)
    check = Check(**{**vars(SUBTRACTS), "inputs": draw})

    result = judge(check, bench)

    assert result.outcome == ("failed" if fails else "passed")
    assert len(packed) == len(drawn) >= result.examples > 1
    assert len(student.asked) > result.examples  # some of them again, at the end
    assert oracle.asked >= result.examples
    assert {id(one) for one in student.asked} <= {id(one) for one in packed}
