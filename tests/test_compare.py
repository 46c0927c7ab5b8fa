"""A wrong result is described by what is wrong with it, and a right one is never found wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgate.authoring.check import CLOSE, EXACT, Tolerance
from gradgate.authoring.scenario import Gradient, Raised
from gradgate.errors import HarnessError
from gradgate.judging.compare import compare, compare_forms, count_matches, render
from gradgate.protocol.values import Holder, Value
from gradgate.protocol.values import describe as describe_for
from gradgate.results import Cause

F32 = np.float32
HOLDER = Holder("Tensor", "float32")


class Tensor:
    """As little of a Tensor as a description needs."""

    def __init__(self, data: Any) -> None:
        self.data = data


def tensor(*numbers: float, dtype: Any = F32) -> Tensor:
    """A Tensor of these numbers."""
    return Tensor(np.array(numbers, dtype))


def describe(result: Any) -> Value:
    """Describe a result of a submission whose Tensor is the one above."""
    return describe_for(result, HOLDER, Tensor)


def judge(
    got: Any, want: Any, tolerance: Tolerance = CLOSE, holder: Holder = HOLDER
) -> Cause | None:
    """Return what is wrong with a result called y, if anything."""
    return compare({"y": describe(got)}, {"y": describe(want)}, tolerance, holder)


def find_wrong(got: Any, want: Any, holder: Holder = HOLDER) -> tuple[str, str]:
    """Return the kind of what is wrong with a result, and the sentence that says it."""
    cause = judge(got, want, holder=holder)
    assert cause is not None
    return cause.kind, cause.sentence


WANT = tensor(1, 2, dtype=np.float64)


@pytest.mark.parametrize(
    ("got", "kind", "sentence"),
    [
        (tensor(1, 3), "value", "y = [1, 3], should be [1, 2]"),
        (tensor(1, 2, dtype=np.float64), "dtype", "y has dtype float64, should be float32"),
        (tensor(1, 2, dtype=np.int64), "dtype", "y has dtype int64, should be float32"),
        (tensor(1, 2, dtype=np.float16), "dtype", "y has dtype float16, should be float32"),
        (tensor(1), "shape", "y has shape (1,), should be (2,)"),
        (Tensor(F32([[1, 2]])), "shape", "y has shape (1, 2), should be (2,)"),
        (Tensor(F32([[1], [2]])), "shape", "y has shape (2, 1), should be (2,)"),
        (Tensor(np.array(1, F32)), "shape", "y has shape (), should be (2,)"),
        (tensor(), "shape", "y has shape (0,) (it is empty), should be (2,)"),
        (tensor(1, np.nan), "not finite", "y holds nan at [1], should be 2"),
        (tensor(np.inf, 2), "not finite", "y holds inf at [0], should be 1"),
        (tensor(-np.inf, np.nan), "not finite", "y holds -inf at [0], should be 1"),
        (F32([1, 2]), "type", "y is a NumPy array, should be a Tensor"),
        ([1, 2], "type", "y is a tuple of integers, should be a Tensor"),
        (1.5, "type", "y is a number, should be a Tensor"),
        ("[1, 2]", "type", "y is a string, should be a Tensor"),
        (None, "type", "y is None, should be a Tensor"),
        ({}, "type", "y is a dict, should be a Tensor"),
    ],
)
def test_a_wrong_tensor_is_described_by_what_is_wrong(got: Any, kind: str, sentence: str) -> None:
    assert find_wrong(got, WANT) == (kind, sentence)


@pytest.mark.parametrize(
    "held", [np.ma.masked_array([1.0, 2.0]), np.array([None, 1]), F32([1, 2]).astype(">f4"), [1, 2]]
)
def test_a_tensor_that_holds_no_plain_numbers_is_reported(held: Any) -> None:
    kind, sentence = find_wrong(Tensor(held), WANT)
    assert kind == "type"
    assert sentence.startswith("y is a ")
    assert "should be a Tensor" in sentence


def test_a_result_that_was_not_returned_is_reported() -> None:
    cause = compare({}, {"y": describe(WANT)}, CLOSE, HOLDER)
    assert cause is not None
    assert cause.sentence == "y is not returned, should be a Tensor"


def test_a_right_tensor_is_not_found_wrong() -> None:
    assert judge(tensor(1, 2), WANT) is None


def test_a_missing_gradient_is_called_one() -> None:
    answer = find_wrong(None, Gradient(np.ones(2), "x"))
    assert answer == ("no gradient", "no gradient reached x: its grad is None")


def test_a_gradient_where_none_should_be_is_found() -> None:
    answer = find_wrong(np.ones(2), Gradient(None, "x"))
    assert answer == ("type", "y is a NumPy array, should be None")


def test_a_result_that_only_bears_the_name_of_a_gradient_is_not_one() -> None:
    got, want = {"grad of x": describe(None)}, {"grad of x": describe(np.ones(2))}
    cause = compare(got, want, CLOSE, HOLDER)
    assert cause is not None
    assert cause.sentence == "grad of x is None, should be a NumPy array"
    assert cause.gradient_of == ""


def test_a_wrong_gradient_says_which_input_it_belongs_to() -> None:
    cause = judge(np.zeros(2), Gradient(np.ones(2), "x"))
    assert cause is not None
    assert (cause.kind, cause.gradient_of) == ("value", "x")


def test_only_the_oracle_says_what_a_result_is_the_gradient_of() -> None:
    cause = judge(Gradient(np.zeros(2), "x"), np.ones(2))
    assert cause is not None
    assert cause.gradient_of == ""


@pytest.mark.parametrize("got", [1, 1.0, True, F32(1), np.array(1.0), np.array(1, np.int8)])
def test_a_number_may_be_of_any_class_or_a_0d_array(got: Any) -> None:
    assert judge(got, 1.0) is None
    assert judge(got, np.array(1.0)) is None


@pytest.mark.parametrize("got", [np.array([1.0]), tensor(1), "1", None, (1,)])
def test_a_number_may_not_be_anything_else(got: Any) -> None:
    assert judge(got, 1.0) is not None


def test_an_array_of_any_dtype_may_hold_the_right_numbers() -> None:
    for dtype in (np.float64, np.int8, np.uint64, bool):
        assert judge(np.array([0, 1], dtype), F32([0, 1])) is None


def test_a_complex_array_is_wrong_by_its_imaginary_part() -> None:
    assert judge(np.array([1 + 1j]), np.array([1.0])) is not None


def test_integers_are_compared_exactly() -> None:
    assert judge((3, 2), (3, 2), EXACT) is None
    assert find_wrong((3, 2), (2, 3)) == ("value", "y = [3, 2], should be [2, 3]")
    assert judge((3,), (3, 1)) is not None


def test_texts_are_compared_letter_by_letter() -> None:
    assert judge("train", "train") is None
    assert find_wrong("Train", "train") == ("value", "y = 'Train', should be 'train'")


def error(name: str, *bases: str) -> Raised:
    """An exception called `name` with these built-in bases."""
    return Raised(name, (*bases, "Exception", "BaseException", "object"), "why")


VALUE_ERROR = error("ValueError", "ValueError")


def test_the_promised_exception_may_be_a_subclass() -> None:
    assert judge(VALUE_ERROR, VALUE_ERROR) is None
    assert judge(error("ShapeError", "ValueError"), VALUE_ERROR) is None


def test_an_exception_that_does_not_come_is_reported() -> None:
    for got in (None, 3, tensor(1)):
        assert find_wrong(got, VALUE_ERROR) == (
            "no exception",
            "y: no exception, should raise ValueError",
        )


def test_another_exception_than_the_promised_is_reported() -> None:
    answer = find_wrong(error("TypeError", "TypeError"), VALUE_ERROR)
    assert answer == ("exception", "y: raises TypeError (why), should raise ValueError")


def test_an_exception_nobody_promised_is_reported() -> None:
    for want in (WANT, 1.0, None):
        kind, sentence = find_wrong(VALUE_ERROR, want)
        assert (kind, sentence) == ("exception", "y: raises ValueError (why), should not raise")


def test_a_stub_never_counts_as_the_promised_exception() -> None:
    stub = error("NotImplementedError", "NotImplementedError", "RuntimeError")
    want = error("RuntimeError", "RuntimeError")
    assert find_wrong(stub, want)[0] == "not implemented"
    assert find_wrong(stub, error("Exception"))[0] == "not implemented"


def test_the_tolerance_is_relative_to_the_largest_number_wanted() -> None:
    want = np.array([100.0, 0.0])
    inside, outside = 0.99 * 1e-4 * 100, 1.02 * 1e-4 * 100
    assert judge(np.array([100.0, inside]), want) is None
    assert judge(np.array([100.0, -inside]), want) is None
    assert judge(np.array([100.0, outside]), want) is not None


def test_the_tolerance_has_an_absolute_floor() -> None:
    assert judge(np.array([0.99e-6]), np.array([0.0])) is None
    assert judge(np.array([1.01e-6]), np.array([0.0])) is not None


def test_exact_means_exact() -> None:
    assert judge(np.array([0.1]), np.array([0.1]), EXACT) is None
    assert judge(np.array([-0.0]), np.array([0.0]), EXACT) is None
    assert judge(np.array([np.nextafter(0.1, 1)]), np.array([0.1]), EXACT) is not None


def test_numbers_are_not_compared_where_their_difference_overflows() -> None:
    assert judge(tensor(3e38), tensor(-3e38)) is not None
    assert judge(np.array([255], np.uint8), np.array([-1], np.int8)) is not None


def test_empty_arrays_of_one_shape_are_equal() -> None:
    assert judge(Tensor(np.zeros((0, 3), F32)), Tensor(np.zeros((0, 3)))) is None
    assert judge(Tensor(np.zeros((0, 3), F32)), Tensor(np.zeros((3, 0)))) is not None


def test_where_two_arrays_first_differ_is_said_and_by_how_much() -> None:
    cause = judge(np.array([[0, 1], [2.5, 4]]), np.array([[0, 1], [2, 3]]))
    assert cause is not None
    assert cause.difference == (
        "first difference at [1, 0]: 2.5, should be 2 (off by 0.5); 2 of 4 numbers differ"
    )
    assert (cause.got, cause.want) == ("[[0, 1],\n [2.5, 4]]", "[[0, 1],\n [2, 3]]")


def test_the_first_wrong_result_is_reported() -> None:
    got = {"a": describe(1), "b": describe(2), "c": describe(3)}
    want = {"a": describe(1), "b": describe(0), "c": describe(0)}
    cause = compare(got, want, CLOSE, HOLDER)
    assert cause is not None
    assert cause.result == "b"
    assert count_matches(got, want, CLOSE, HOLDER) == 1


def test_results_nobody_asked_for_are_ignored() -> None:
    got = {"y": describe(1), "z": describe(2)}
    assert compare(got, {"y": describe(1)}, CLOSE, HOLDER) is None


def test_the_form_alone_is_judged_where_numbers_are_free() -> None:
    want = {"y": describe(WANT)}
    assert compare_forms({"y": describe(tensor(7, 8))}, want, HOLDER) is None
    cause = compare_forms({"y": describe(tensor(7))}, want, HOLDER)
    assert cause is not None
    assert cause.kind == "shape"


def test_the_holder_is_called_by_its_name_and_may_hold_numbers_of_another_dtype() -> None:
    doubles = Holder("Value", "float64")
    assert judge(tensor(1, 2, dtype=np.float64), WANT, holder=doubles) is None
    assert find_wrong(None, WANT, doubles) == ("type", "y is None, should be a Value")
    answer = find_wrong(tensor(1, 2), WANT, doubles)
    assert answer == ("dtype", "y has dtype float32, should be float64")


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int64, bool])
def test_a_holder_without_a_dtype_may_hold_numbers_of_any(dtype: Any) -> None:
    assert judge(tensor(1, 0, dtype=dtype), tensor(1, 0), holder=Holder("Value")) is None


def test_an_oracle_that_is_not_finite_is_an_error_of_ours() -> None:
    with pytest.raises(HarnessError, match="oracle's y is not finite"):
        judge(tensor(1), tensor(np.inf))


def test_every_sentence_is_one_line() -> None:
    big = np.arange(400.0).reshape(20, 20)
    for got in (big + 1, big[:1], np.where(big == 7, np.nan, big), None, {}, VALUE_ERROR):
        cause = judge(got, big)
        assert cause is not None
        assert "\n" not in cause.sentence


def test_large_arrays_are_shown_shortened() -> None:
    assert len(render(np.arange(10_000.0))) < 200
    assert render(F32([0.1, 1e-9, 1e9])) == "[0.1, 1e-09, 1e+09]"
    assert render(np.array(0.5)) == "0.5"


def test_an_exception_class_of_the_reference_stands_for_its_built_in_base() -> None:
    want = {"call": Value(kind="raised", text="ShapeError", bases=("ValueError", "Exception"))}
    own = {"call": Value(kind="raised", text="MyError", bases=("ValueError", "Exception"))}
    other = {"call": Value(kind="raised", text="KeyError", bases=("KeyError", "Exception"))}
    assert compare(own, want, CLOSE, HOLDER) is None
    assert compare(other, want, CLOSE, HOLDER) is not None
