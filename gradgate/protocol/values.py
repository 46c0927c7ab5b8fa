"""Describing what a scenario returned, as plain data that can cross a pipe.

The worker describes; the judge compares. Nothing here decides what is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gradgate.authoring.scenario import Gradient, Raised

Array = NDArray[Any]
Kind = Literal["holder", "array", "number", "tuple", "text", "none", "raised", "other"]
KINDS: frozenset[str] = frozenset(get_args(Kind))
DTYPES = frozenset(np.dtype(code).str for code in "?bhiqBHIQefdFD")


@dataclass(frozen=True)
class Holder:
    """The class of a course whose objects hold numbers as `data`, such as a Tensor.

    `dtype` is that of the arrays they must hold; without one, they hold numbers.
    """

    name: str
    dtype: str = ""


@dataclass(frozen=True, kw_only=True)
class Value:
    """One named result: its kind, and an array or a text with what it holds.

    `text` is the string itself, the class name of an `other` or the class of a `raised`, whose
    built-in bases are `bases` and whose message is `message`. `gradient_of` is the input that a
    result is the gradient of, if it is one; only the oracle's word on that counts.
    """

    kind: Kind
    array: Array | None = None
    text: str = ""
    bases: tuple[str, ...] = ()
    message: str = ""
    gradient_of: str = ""


Answer = dict[str, Value]
"""The described results of one scenario."""


def describe_all(
    results: Mapping[str, Any], holder: Holder | None = None, holder_class: type | None = None
) -> Answer:
    """Describe every named result of a scenario.

    `holder_class` is what the submission, or the reference, offers under the holder's name.
    """
    return {str(name): describe(result, holder, holder_class) for name, result in results.items()}


def describe(result: Any, holder: Holder | None = None, holder_class: type | None = None) -> Value:
    """Describe one result; an ndarray subclass or an unknown class is an `other`."""
    if isinstance(result, Gradient):
        return replace(describe(result.value, holder, holder_class), gradient_of=result.of)
    if holder is not None and holder_class is not None and isinstance(result, holder_class):
        return _describe_holder(result, holder)
    if result is None:
        return Value(kind="none")
    if isinstance(result, Raised):
        return Value(kind="raised", text=result.type, bases=result.builtins, message=result.message)
    if type(result) is str:
        return Value(kind="text", text=result[:10_000])
    if type(result) is np.ndarray:
        return _describe_array("array", result)
    if isinstance(result, (bool, int, float, np.generic)):
        return _describe_array("number", np.asarray(result))
    if isinstance(result, (tuple, list)):
        return _describe_tuple(result)
    return Value(kind="other", text=type(result).__name__)


def _describe_holder(result: Any, holder: Holder) -> Value:
    held = result.data
    if not holder.dtype and isinstance(held, (bool, int, float, np.generic)):
        held = np.asarray(held)
    if type(held) is not np.ndarray:
        return Value(kind="other", text=f"{holder.name} whose data is a {type(held).__name__}")
    return _describe_array("holder", held, holder.name)


def _describe_array(kind: Kind, array: NDArray[Any], word: str = "") -> Value:
    if array.dtype.str not in DTYPES:  # objects, texts, or another byte order
        return Value(kind="other", text=f"{word or kind} of dtype {array.dtype}")
    return Value(kind=kind, array=array)


def _describe_tuple(items: tuple[Any, ...] | list[Any]) -> Value:
    if not all(isinstance(item, (int, np.integer)) for item in items):
        text = f"{type(items).__name__} of other things than integers"
        return Value(kind="other", text=text)
    return Value(kind="tuple", array=np.array([int(item) for item in items], np.int64))
