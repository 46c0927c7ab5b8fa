"""Comparing a submission's answer with the oracle's: the numerical heart of the judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradgate.authoring.check import Tolerance
from gradgate.errors import HarnessError
from gradgate.protocol.values import Answer, Array, Holder, Value
from gradgate.results import Cause, CauseKind

# What a kind of result may stand in for: a number for a 0-d array and the other way round.
ACCEPTED = {"array": ("array", "number"), "number": ("number", "array")}


def compare(got: Answer, want: Answer, tolerance: Tolerance, holder: Holder) -> Cause | None:
    """Return the first mismatch, in the order of the scenario's results, or None.

    `holder` is the class whose objects hold the course's numbers, and what they must hold.
    """
    for name, value in want.items():
        cause = compare_form(name, got.get(name), value, holder)
        cause = cause or compare_content(name, got[name], value, tolerance)
        if cause:
            return replace(cause, gradient_of=value.gradient_of)
    return None


def compare_forms(got: Answer, want: Answer, holder: Holder) -> Cause | None:
    """Return the first result of the wrong kind, dtype or shape, or not finite."""
    causes = (compare_form(name, got.get(name), value, holder) for name, value in want.items())
    return next((cause for cause in causes if cause), None)


def count_matches(got: Answer, want: Answer, tolerance: Tolerance, holder: Holder) -> int:
    """Return how many results match, to tell which accepted answer comes closest."""
    return sum(not compare(got, {name: value}, tolerance, holder) for name, value in want.items())


def compare_form(name: str, got: Value | None, want: Value, holder: Holder) -> Cause | None:
    """Judge everything but the numbers: kind, dtype, shape, finiteness."""
    if got is None or got.kind not in ACCEPTED.get(want.kind, (want.kind,)):
        return _describe_wrong_kind(name, got, want, holder)
    if want.kind == "raised":
        wanted = want.text if want.text in want.bases else next(iter(want.bases), want.text)
        fits = wanted in got.bases and "NotImplementedError" not in got.bases
        return None if fits else _describe_wrong_exception(name, got, want)
    if got.array is None or want.array is None:
        return None
    if want.kind == "holder" and holder.dtype and got.array.dtype != holder.dtype:
        now, wanted = str(got.array.dtype), holder.dtype
        sentence = f"{name} has dtype {now}, should be {wanted}"
        return Cause(kind="dtype", sentence=sentence, result=name, got=now, want=wanted)
    if got.array.shape != want.array.shape:
        return _describe_wrong_shape(name, got.array, want.array)
    return _find_not_finite(name, got.array, want.array)


def compare_content(name: str, got: Value, want: Value, tolerance: Tolerance) -> Cause | None:
    """Judge the numbers or the text of a result whose form is right."""
    if want.kind == "text" and got.text != want.text:
        sentence = f"{name} = {got.text!r}, should be {want.text!r}"
        return Cause(kind="value", sentence=sentence, result=name, got=got.text, want=want.text)
    if got.array is None or want.array is None or not want.array.size:
        return None
    wide = np.result_type(got.array.dtype, want.array.dtype, np.float64)
    difference = np.abs(got.array.astype(wide) - want.array.astype(wide))
    allowed = tolerance.relative * np.abs(want.array.astype(wide)).max() + tolerance.absolute
    if (difference <= allowed).all():
        return None
    return _describe_wrong_value(name, got.array, want.array, difference, difference > allowed)


def render(array: Array) -> str:
    """Return an array as a student would type it, shortened when large."""
    if array.ndim == 0:
        return f"{array[()]:.6g}" if array.dtype.kind == "f" else str(array[()])
    return np.array2string(
        array,
        separator=", ",
        threshold=60,
        formatter={"float_kind": lambda number: f"{number:.6g}"},
    )


def _describe_wrong_kind(name: str, got: Value | None, want: Value, holder: Holder) -> Cause:
    if want.gradient_of and want.kind != "none" and got is not None and got.kind == "none":
        sentence = f"no gradient reached {want.gradient_of}: its grad is None"
        return Cause(kind="no gradient", sentence=sentence, result=name)
    if want.kind == "raised":
        sentence = f"{name}: no exception, should raise {want.text}"
        return Cause(
            kind="no exception",
            sentence=sentence,
            result=name,
            got="no exception",
            want=want.text,
        )
    if got is not None and got.kind == "raised":
        sentence = f"{name}: raises {got.text} ({got.message}), should not raise"
        return Cause(
            kind="exception", sentence=sentence, result=name, got=got.text, want="no exception"
        )
    now, wanted = _name_kind(got, holder), _name_kind(want, holder)
    sentence = f"{name} is {now}, should be {wanted}"
    return Cause(kind="type", sentence=sentence, result=name, got=now, want=wanted)


def _describe_wrong_exception(name: str, got: Value, want: Value) -> Cause:
    sentence = f"{name}: raises {got.text} ({got.message}), should raise {want.text}"
    kind: CauseKind = "not implemented" if "NotImplementedError" in got.bases else "exception"
    return Cause(kind=kind, sentence=sentence, result=name, got=got.text, want=want.text)


def _describe_wrong_shape(name: str, got: Array, want: Array) -> Cause:
    empty = " (it is empty)" if got.size == 0 else ""
    sentence = f"{name} has shape {got.shape}{empty}, should be {want.shape}"
    return Cause(kind="shape", sentence=sentence, result=name, got=render(got), want=render(want))


def _find_not_finite(name: str, got: Array, want: Array) -> Cause | None:
    if not np.isfinite(want).all():
        raise HarnessError(f"the oracle's {name} is not finite")
    if np.isfinite(got).all():
        return None
    index = _find_first(~np.isfinite(got))
    sentence = f"{name} holds {got[index]} {_name_place(index)}, should be {render(want[index])}"
    return Cause(
        kind="not finite", sentence=sentence, result=name, got=render(got), want=render(want)
    )


def _describe_wrong_value(
    name: str, got: Array, want: Array, difference: Array, wrong: Array
) -> Cause:
    index = _find_first(wrong)
    text_got, text_want = render(got), render(want)
    off = "" if want.dtype.kind == "b" else f"off by {difference[index]:.3g}"
    if want.size > 1:
        pair = f"{render(got[index])}, should be {render(want[index])}"
        count = f"{int(wrong.sum())} of {wrong.size} numbers differ"
        off = f"first difference {_name_place(index)}: {pair} ({off}); {count}"
    flat = " ".join(text_got.split()), " ".join(text_want.split())
    sentence = f"{name} = {flat[0]}, should be {flat[1]}"
    return Cause(
        kind="value",
        sentence=sentence,
        result=name,
        got=text_got,
        want=text_want,
        difference=off,
    )


def _find_first(wrong: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))


def _name_place(index: tuple[int, ...]) -> str:
    return f"at [{', '.join(map(str, index))}]" if index else "in the only number"


def _name_kind(value: Value | None, holder: Holder) -> str:
    if value is None:
        return "not returned"
    names = {
        "holder": f"a {holder.name}",
        "array": "a NumPy array",
        "number": "a number",
        "tuple": "a tuple of integers",
        "text": "a string",
        "none": "None",
        "raised": f"an exception {value.text}",
        "other": f"a {value.text}",
    }
    return names[value.kind]
