"""Comparing a submission's answer with the oracle's: the numerical heart of the judge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgate.authoring.check import Tolerance
from gradgate.errors import HarnessError
from gradgate.results import Cause, CauseKind
from gradgate.protocol.values import Answer, Value

# What a kind of result may stand in for: a number for a 0-d array and the other way round.
ACCEPTED = {"array": ("array", "number"), "number": ("number", "array")}

Array = NDArray[Any]


def compare(got: Answer, want: Answer, tolerance: Tolerance) -> Cause | None:
    """Return the first mismatch, in the order of the scenario's results, or None."""
    for name, value in want.items():
        cause = form(name, got.get(name), value) or content(name, got[name], value, tolerance)
        if cause:
            return cause
    return None


def compare_form(got: Answer, want: Answer) -> Cause | None:
    """Return the first result of the wrong kind, dtype or shape, or not finite."""
    causes = (form(name, got.get(name), value) for name, value in want.items())
    return next((cause for cause in causes if cause), None)


def matches(got: Answer, want: Answer, tolerance: Tolerance) -> int:
    """Return how many results match, to tell which accepted answer comes closest."""
    return sum(not compare(got, {name: value}, tolerance) for name, value in want.items())


def form(name: str, got: Value | None, want: Value) -> Cause | None:
    """Judge everything but the numbers: kind, dtype, shape, finiteness."""
    if got is None or got.kind not in ACCEPTED.get(want.kind, (want.kind,)):
        return _wrong_kind(name, got, want)
    if want.kind == "raised":
        fits = want.text in got.bases and "NotImplementedError" not in got.bases
        return None if fits else _wrong_exception(name, got, want)
    if got.array is None or want.array is None:
        return None
    if want.kind == "tensor" and got.array.dtype != np.float32:
        sentence = f"{name} has dtype {got.array.dtype}, should be float32"
        return Cause("dtype", sentence, result=name, got=str(got.array.dtype), want="float32")
    if got.array.shape != want.array.shape:
        return _wrong_shape(name, got.array, want.array)
    return _not_finite(name, got.array, want.array)


def content(name: str, got: Value, want: Value, tolerance: Tolerance) -> Cause | None:
    """Judge the numbers or the text of a result whose form is right."""
    if want.kind == "text" and got.text != want.text:
        sentence = f"{name} = {got.text!r}, should be {want.text!r}"
        return Cause("value", sentence, result=name, got=got.text, want=want.text)
    if got.array is None or want.array is None or not want.array.size:
        return None
    wide = np.result_type(got.array.dtype, want.array.dtype, np.float64)
    difference = np.abs(got.array.astype(wide) - want.array.astype(wide))
    allowed = tolerance.relative * np.abs(want.array.astype(wide)).max() + tolerance.absolute
    if (difference <= allowed).all():
        return None
    return _wrong_value(name, got.array, want.array, difference, difference > allowed)


def show(array: Array) -> str:
    """Return an array as a student would type it, shortened when large."""
    if array.ndim == 0:
        return f"{array[()]:.6g}" if array.dtype.kind == "f" else str(array[()])
    return np.array2string(
        array,
        separator=", ",
        threshold=60,
        formatter={"float_kind": lambda number: f"{number:.6g}"},
    )


def _wrong_kind(name: str, got: Value | None, want: Value) -> Cause:
    reached = name.removeprefix("grad of ")
    if want.kind != "none" and got is not None and got.kind == "none" and reached != name:
        return Cause("no gradient", f"no gradient reached {reached}: its grad is None", result=name)
    if want.kind == "raised":
        sentence = f"{name}: no exception, should raise {want.text}"
        return Cause("no exception", sentence, result=name, got="no exception", want=want.text)
    if got is not None and got.kind == "raised":
        sentence = f"{name}: raises {got.text} ({got.message}), should not raise"
        return Cause("exception", sentence, result=name, got=got.text, want="no exception")
    is_now, should_be = _kind(got), _kind(want)
    return Cause(
        "type", f"{name} is {is_now}, should be {should_be}", "", "", name, is_now, should_be
    )


def _wrong_exception(name: str, got: Value, want: Value) -> Cause:
    sentence = f"{name}: raises {got.text} ({got.message}), should raise {want.text}"
    kind: CauseKind = "not implemented" if "NotImplementedError" in got.bases else "exception"
    return Cause(kind, sentence, result=name, got=got.text, want=want.text)


def _wrong_shape(name: str, got: Array, want: Array) -> Cause:
    empty = " (it is empty)" if got.size == 0 else ""
    sentence = f"{name} has shape {got.shape}{empty}, should be {want.shape}"
    return Cause("shape", sentence, "", "", name, show(got), show(want))


def _not_finite(name: str, got: Array, want: Array) -> Cause | None:
    if not np.isfinite(want).all():
        raise HarnessError(f"the oracle's {name} is not finite")
    if np.isfinite(got).all():
        return None
    index = _first(~np.isfinite(got))
    sentence = f"{name} holds {got[index]} {_at(index)}, should be {show(want[index])}"
    return Cause("not finite", sentence, "", "", name, show(got), show(want))


def _wrong_value(name: str, got: Array, want: Array, difference: Array, wrong: Array) -> Cause:
    index = _first(wrong)
    shown_got, shown_want = show(got), show(want)
    off = "" if want.dtype.kind == "b" else f"off by {difference[index]:.3g}"
    if want.size > 1:
        pair = f"{show(got[index])}, should be {show(want[index])}"
        count = f"{int(wrong.sum())} of {wrong.size} numbers differ"
        off = f"first difference {_at(index)}: {pair} ({off}); {count}"
    flat = " ".join(shown_got.split()), " ".join(shown_want.split())
    sentence = f"{name} = {flat[0]}, should be {flat[1]}"
    return Cause("value", sentence, "", "", name, shown_got, shown_want, off)


def _first(wrong: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))


def _at(index: tuple[int, ...]) -> str:
    return f"at [{', '.join(map(str, index))}]" if index else "in the only number"


def _kind(value: Value | None) -> str:
    if value is None:
        return "not returned"
    names = {
        "tensor": "a Tensor",
        "array": "a NumPy array",
        "number": "a number",
        "tuple": "a tuple of integers",
        "text": "a text",
        "none": "None",
        "raised": f"an exception {value.text}",
        "other": f"a {value.text}",
    }
    return names[value.kind]
