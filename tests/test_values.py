"""Every result of a scenario is described as plain data, whatever class it is of."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from gradgate.authoring.scenario import (
    Gradient,
    Raised,
    builtin_bases,
    grad,
    message_of,
    raised,
    values,
)
from gradgate.protocol.values import Holder, Value, describe, describe_all

HOLDER = Holder("Tensor", "float32")


class Tensor:
    """As little of a Tensor as a description needs."""

    def __init__(self, data: Any, grad: Any = None) -> None:
        self.data = data
        self.grad = grad


class Subclass(np.ndarray):
    """An array that could answer anything."""


class Text(str):
    """A text that could compare equal to anything."""


def describe_result(result: Any, holder: Holder = HOLDER) -> Value:
    """Describe a result as the judge gets to see it."""
    return describe(result, holder, Tensor)


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (Tensor(np.ones(2)), "holder"),
        (np.ones(2), "array"),
        (np.float32(1), "number"),
        (1, "number"),
        (1.5, "number"),
        (True, "number"),
        (np.bool_(True), "number"),
        ((1, 2), "tuple"),
        ([1, np.int64(2)], "tuple"),
        ((), "tuple"),
        ("text", "text"),
        (None, "none"),
        (Raised("KeyError", ("KeyError",), ""), "raised"),
    ],
)
def test_a_result_is_described_by_its_kind(result: Any, kind: str) -> None:
    assert describe_result(result).kind == kind


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({}, "dict"),
        (np.ones(2).view(Subclass), "Subclass"),
        (np.ma.masked_array([1.0]), "MaskedArray"),
        (Text("text"), "Text"),
        (b"bytes", "bytes"),
        (Tensor, "type"),
        (iter([]), "list_iterator"),
        (1j, "complex"),
        (Tensor([1.0]), "Tensor whose data is a list"),
        (Tensor(np.ones(1).view(Subclass)), "Tensor whose data is a Subclass"),
        (Tensor(None), "Tensor whose data is a NoneType"),
        (Tensor(Tensor(np.ones(1))), "Tensor whose data is a Tensor"),
        (Tensor(np.array([None])), "Tensor of dtype object"),
        (Tensor(np.ones(1, ">f4")), "Tensor of dtype >f4"),
        (np.array(["a"]), "array of dtype <U1"),
        (np.array([np.datetime64("2024-01-01")]), "array of dtype datetime64[D]"),
        (np.zeros(1, [("a", "f4")]), "array of dtype [('a', '<f4')]"),
        (2**70, "number of dtype object"),
        ([1.5, 2.0], "list of other things than integers"),
        (([1], [2]), "tuple of other things than integers"),
    ],
)
def test_anything_else_is_described_by_its_class(result: Any, text: str) -> None:
    assert (describe_result(result).kind, describe_result(result).text) == ("other", text)


def test_an_instance_of_a_subclass_of_tensor_is_a_tensor() -> None:
    assert describe_result(type("Parameter", (Tensor,), {})(np.ones(1))).kind == "holder"


def test_without_a_tensor_class_nothing_is_a_tensor() -> None:
    assert describe(Tensor(np.ones(1)), HOLDER, None).text == "Tensor"
    assert describe(Tensor(np.ones(1)), None, Tensor).text == "Tensor"


@pytest.mark.parametrize("held", [1, 1.5, True, np.float32(2), np.ones(3)])
def test_a_holder_without_a_dtype_may_hold_plain_numbers(held: Any) -> None:
    value = describe_result(Tensor(held), Holder("Value"))
    assert value.kind == "holder"
    assert value.array is not None
    assert value.array.tolist() == np.asarray(held).tolist()


def test_a_holder_with_a_dtype_may_not() -> None:
    assert describe_result(Tensor(1.5)).text == "Tensor whose data is a float"


def test_a_holder_is_called_by_the_name_that_the_course_gives_it() -> None:
    assert describe_result(Tensor([1]), Holder("Value")).text == "Value whose data is a list"


@pytest.mark.parametrize(
    ("held", "kind"), [(np.ones(2), "array"), (None, "none"), (Tensor(np.ones(2)), "holder")]
)
def test_a_gradient_is_described_as_what_it_is_with_the_input_it_belongs_to(
    held: Any, kind: str
) -> None:
    value = describe_result(Gradient(held, "x"))
    assert (value.kind, value.gradient_of) == (kind, "x")


def test_what_is_no_gradient_belongs_to_no_input() -> None:
    assert describe_result(np.ones(2)).gradient_of == ""


def test_results_keep_their_names_and_order() -> None:
    answer = describe_all({"b": 1, "a": None, 3: ""}, HOLDER, Tensor)
    assert list(answer) == ["b", "a", "3"]


def test_a_long_text_is_cut() -> None:
    assert len(describe_result("x" * 100_000).text) == 10_000


def test_what_a_call_raises_is_described() -> None:
    error = raised(lambda: {}["key"])
    assert error == Raised(
        "KeyError", ("KeyError", "LookupError", "Exception", "BaseException", "object"), "'key'"
    )


def test_a_call_that_raises_nothing_is_none() -> None:
    assert raised(lambda: 1) is None


def test_a_class_of_its_own_is_known_by_its_built_in_bases() -> None:
    mine = type("ShapeError", (ValueError, TypeError), {"__module__": "student.tensor"})
    assert builtin_bases(mine)[:2] == ("ValueError", "TypeError")
    assert "ShapeError" not in builtin_bases(mine)


def test_exits_and_interrupts_are_not_taken_for_promised_exceptions() -> None:
    for kind in (SystemExit, KeyboardInterrupt):
        with pytest.raises(kind):
            raised(lambda kind=kind: (_ for _ in ()).throw(kind))


def test_a_message_is_put_on_one_line_and_cut() -> None:
    assert message_of(ValueError("\n one\n  two")) == "one two"
    assert len(message_of(ValueError("x" * 10_000))) <= 500
    assert message_of(ValueError()) == ""


def test_a_message_that_cannot_be_printed_is_replaced() -> None:
    mute = type("Mute", (Exception,), {"__str__": lambda self: 1 / 0})
    assert message_of(mute()) == "(its message could not be printed)"


GRADIENT = np.array([1.0, 2.0])


@pytest.mark.parametrize("held", [GRADIENT, Tensor(GRADIENT)])
def test_a_gradient_may_be_an_array_or_a_tensor(held: Any) -> None:
    got = grad(Tensor(np.zeros(2), held))
    assert got.tolist() == [1, 2]
    assert not np.shares_memory(got, GRADIENT)


@pytest.mark.parametrize("held", [None, 0.0, np.float32(1), "text", [1.0]])
def test_a_gradient_that_is_no_array_stays_what_it_is(held: Any) -> None:
    assert grad(Tensor(np.zeros(2), held)) is held


def test_a_gradient_keeps_the_name_of_the_input_it_is_of() -> None:
    got = grad(Tensor(np.zeros(2), GRADIENT), of="x")
    assert (got.value.tolist(), got.of) == ([1, 2], "x")
    assert not np.shares_memory(got.value, GRADIENT)
    assert grad(Tensor(np.zeros(2), None), of="x") == Gradient(None, "x")


def test_an_array_subclass_is_not_hidden_by_copying() -> None:
    assert type(values(np.ones(1).view(Subclass))) is Subclass


def test_the_dtypes_that_may_cross_are_those_of_plain_numbers() -> None:
    for code, order in itertools.product("?bhilqBHILQefdFD", "<>"):
        dtype = np.dtype(code).newbyteorder(order)
        kind = describe_result(np.zeros(1, dtype)).kind
        assert kind == ("array" if dtype.isnative else "other"), dtype
