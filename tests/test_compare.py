"""A wrong result is told by what is wrong with it, and a right one is never found wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgate.authoring.check import CLOSE, EXACT, Tolerance
from gradgate.judging.compare import compare, compare_form, matches, show
from gradgate.errors import HarnessError
from gradgate.results import Cause
from gradgate.authoring.scenario import Raised
from gradgate.protocol.values import describe

F32 = np.float32


class Tensor:
    """As little of a Tensor as a description needs."""

    def __init__(self, data: Any) -> None:
        self.data = data


def tensor(*numbers: float, dtype: Any = F32) -> Tensor:
    """A Tensor of these numbers."""
    return Tensor(np.array(numbers, dtype))


def judged(got: Any, want: Any, tolerance: Tolerance = CLOSE, name: str = "y") -> Cause | None:
    """What is found wrong with a result."""
    return compare({name: describe(got, Tensor)}, {name: describe(want, Tensor)}, tolerance)


def told(got: Any, want: Any, name: str = "y") -> tuple[str, str]:
    """The kind of what is wrong with a result, and the sentence that tells it."""
    cause = judged(got, want, name=name)
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
        ("[1, 2]", "type", "y is a text, should be a Tensor"),
        (None, "type", "y is None, should be a Tensor"),
        ({}, "type", "y is a dict, should be a Tensor"),
    ],
)
def test_a_wrong_tensor_is_told_by_what_is_wrong(got: Any, kind: str, sentence: str) -> None:
    assert told(got, WANT) == (kind, sentence)


@pytest.mark.parametrize(
    "held", [np.ma.masked_array([1.0, 2.0]), np.array([None, 1]), F32([1, 2]).astype(">f4"), [1, 2]]
)
def test_a_tensor_that_holds_no_plain_numbers_is_told_so(held: Any) -> None:
    kind, sentence = told(Tensor(held), WANT)
    assert kind == "type"
    assert sentence.startswith("y is a ")
    assert "should be a Tensor" in sentence


def test_a_result_that_was_not_returned_is_told_so() -> None:
    cause = compare({}, {"y": describe(WANT, Tensor)}, CLOSE)
    assert cause is not None
    assert cause.sentence == "y is not returned, should be a Tensor"


def test_a_right_tensor_is_not_found_wrong() -> None:
    assert judged(tensor(1, 2), WANT) is None


def test_a_missing_gradient_is_told_as_one() -> None:
    answer = told(None, np.ones(2), name="grad of x")
    assert answer == ("no gradient", "no gradient reached x: its grad is None")


def test_a_gradient_where_none_should_be_is_told() -> None:
    kind, sentence = told(np.ones(2), None, name="grad of x")
    assert (kind, sentence) == ("type", "grad of x is a NumPy array, should be None")


@pytest.mark.parametrize("got", [1, 1.0, True, F32(1), np.array(1.0), np.array(1, np.int8)])
def test_a_number_may_be_of_any_class_or_a_0d_array(got: Any) -> None:
    assert judged(got, 1.0) is None
    assert judged(got, np.array(1.0)) is None


@pytest.mark.parametrize("got", [np.array([1.0]), tensor(1), "1", None, (1,)])
def test_a_number_may_not_be_anything_else(got: Any) -> None:
    assert judged(got, 1.0) is not None


def test_an_array_of_any_dtype_may_hold_the_right_numbers() -> None:
    for dtype in (np.float64, np.int8, np.uint64, bool):
        assert judged(np.array([0, 1], dtype), F32([0, 1])) is None


def test_a_complex_array_is_wrong_by_its_imaginary_part() -> None:
    assert judged(np.array([1 + 1j]), np.array([1.0])) is not None


def test_integers_are_compared_exactly() -> None:
    assert judged((3, 2), (3, 2), EXACT) is None
    assert told((3, 2), (2, 3)) == ("value", "y = [3, 2], should be [2, 3]")
    assert judged((3,), (3, 1)) is not None


def test_texts_are_compared_letter_by_letter() -> None:
    assert judged("train", "train") is None
    assert told("Train", "train") == ("value", "y = 'Train', should be 'train'")


def error(name: str, *bases: str) -> Raised:
    """An exception called `name` with these built-in bases."""
    return Raised(name, (*bases, "Exception", "BaseException", "object"), "why")


VALUE_ERROR = error("ValueError", "ValueError")


def test_the_promised_exception_may_be_a_subclass() -> None:
    assert judged(VALUE_ERROR, VALUE_ERROR) is None
    assert judged(error("ShapeError", "ValueError"), VALUE_ERROR) is None


def test_an_exception_that_does_not_come_is_told() -> None:
    for got in (None, 3, tensor(1)):
        assert told(got, VALUE_ERROR) == (
            "no exception",
            "y: no exception, should raise ValueError",
        )


def test_another_exception_than_the_promised_is_told() -> None:
    answer = told(error("TypeError", "TypeError"), VALUE_ERROR)
    assert answer == ("exception", "y: raises TypeError (why), should raise ValueError")


def test_an_exception_nobody_promised_is_told() -> None:
    for want in (WANT, 1.0, None):
        kind, sentence = told(VALUE_ERROR, want)
        assert (kind, sentence) == ("exception", "y: raises ValueError (why), should not raise")


def test_a_stub_never_counts_as_the_promised_exception() -> None:
    stub = error("NotImplementedError", "NotImplementedError", "RuntimeError")
    want = error("RuntimeError", "RuntimeError")
    assert told(stub, want)[0] == "not implemented"
    assert told(stub, error("Exception"))[0] == "not implemented"


def test_the_tolerance_is_relative_to_the_largest_number_wanted() -> None:
    want = np.array([100.0, 0.0])
    inside, outside = 0.99 * 1e-4 * 100, 1.02 * 1e-4 * 100
    assert judged(np.array([100.0, inside]), want) is None
    assert judged(np.array([100.0, -inside]), want) is None
    assert judged(np.array([100.0, outside]), want) is not None


def test_the_tolerance_has_an_absolute_floor() -> None:
    assert judged(np.array([0.99e-6]), np.array([0.0])) is None
    assert judged(np.array([1.01e-6]), np.array([0.0])) is not None


def test_exact_means_exact() -> None:
    assert judged(np.array([0.1]), np.array([0.1]), EXACT) is None
    assert judged(np.array([-0.0]), np.array([0.0]), EXACT) is None
    assert judged(np.array([np.nextafter(0.1, 1)]), np.array([0.1]), EXACT) is not None


def test_numbers_are_not_compared_where_their_difference_overflows() -> None:
    assert judged(tensor(3e38), tensor(-3e38)) is not None
    assert judged(np.array([255], np.uint8), np.array([-1], np.int8)) is not None


def test_empty_arrays_of_one_shape_are_equal() -> None:
    assert judged(Tensor(np.zeros((0, 3), F32)), Tensor(np.zeros((0, 3)))) is None
    assert judged(Tensor(np.zeros((0, 3), F32)), Tensor(np.zeros((3, 0)))) is not None


def test_where_two_arrays_first_differ_is_told_and_by_how_much() -> None:
    cause = judged(np.array([[0, 1], [2.5, 4]]), np.array([[0, 1], [2, 3]]))
    assert cause is not None
    assert cause.difference == (
        "first difference at [1, 0]: 2.5, should be 2 (off by 0.5); 2 of 4 numbers differ"
    )
    assert (cause.got, cause.want) == ("[[0, 1],\n [2.5, 4]]", "[[0, 1],\n [2, 3]]")


def test_the_first_wrong_result_is_told() -> None:
    got = {"a": describe(1, None), "b": describe(2, None), "c": describe(3, None)}
    want = {"a": describe(1, None), "b": describe(0, None), "c": describe(0, None)}
    cause = compare(got, want, CLOSE)
    assert cause is not None
    assert cause.result == "b"
    assert matches(got, want, CLOSE) == 1


def test_results_nobody_asked_for_are_ignored() -> None:
    assert (
        compare({"y": describe(1, None), "z": describe(2, None)}, {"y": describe(1, None)}, CLOSE)
        is None
    )


def test_the_form_alone_is_judged_where_numbers_are_free() -> None:
    want = {"y": describe(WANT, Tensor)}
    assert compare_form({"y": describe(tensor(7, 8), Tensor)}, want) is None
    cause = compare_form({"y": describe(tensor(7), Tensor)}, want)
    assert cause is not None
    assert cause.kind == "shape"


def test_an_oracle_that_is_not_finite_is_an_error_of_ours() -> None:
    with pytest.raises(HarnessError, match="oracle's y is not finite"):
        judged(tensor(1), tensor(np.inf))


def test_every_sentence_is_one_line() -> None:
    big = np.arange(400.0).reshape(20, 20)
    for got in (big + 1, big[:1], np.where(big == 7, np.nan, big), None, {}, VALUE_ERROR):
        cause = judged(got, big)
        assert cause is not None
        assert "\n" not in cause.sentence


def test_large_arrays_are_shown_shortened() -> None:
    assert len(show(np.arange(10_000.0))) < 200
    assert show(F32([0.1, 1e-9, 1e9])) == "[0.1, 1e-09, 1e+09]"
    assert show(np.array(0.5)) == "0.5"
