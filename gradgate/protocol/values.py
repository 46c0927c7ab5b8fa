"""Describing what a scenario returned, as plain data that can cross a pipe.

The worker describes; the judge compares. Nothing here decides what is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gradgate.authoring.scenario import Raised

Kind = Literal["tensor", "array", "number", "tuple", "text", "none", "raised", "other"]
KINDS: frozenset[str] = frozenset(get_args(Kind))
DTYPES = frozenset(np.dtype(code).str for code in "?bhiqBHIQefdFD")


@dataclass(frozen=True)
class Value:
    """One named result: its kind, and an array or a text with what it holds.

    `text` is the string itself, the class name of an `other` or the class of a `raised`, whose
    built-in bases are `bases` and whose message is `message`.
    """

    kind: Kind
    array: NDArray[Any] | None = None
    text: str = ""
    bases: tuple[str, ...] = ()
    message: str = ""


Answer = dict[str, Value]
"""The described results of one scenario."""


def describe_all(results: Mapping[str, Any], tensor_class: type | None) -> Answer:
    """Describe every named result of a scenario."""
    return {str(name): describe(result, tensor_class) for name, result in results.items()}


def describe(result: Any, tensor_class: type | None) -> Value:
    """Describe one result; an ndarray subclass or an unknown class is an `other`."""
    if tensor_class is not None and isinstance(result, tensor_class):
        return _describe_tensor(result)
    if result is None:
        return Value("none")
    if isinstance(result, Raised):
        return Value("raised", None, result.type, result.builtins, result.message)
    if type(result) is str:
        return Value("text", None, result[:10_000])
    if type(result) is np.ndarray:
        return _describe_array("array", result)
    if isinstance(result, (bool, int, float, np.generic)):
        return _describe_array("number", np.asarray(result))
    if isinstance(result, (tuple, list)):
        return _describe_tuple(result)
    return Value("other", None, type(result).__name__)


def _describe_tensor(tensor: Any) -> Value:
    held = tensor.data
    if type(held) is not np.ndarray:
        return Value("other", None, f"Tensor whose data is a {type(held).__name__}")
    return _describe_array("tensor", held)


def _describe_array(kind: Kind, array: NDArray[Any]) -> Value:
    if array.dtype.str not in DTYPES:  # objects, texts, or another byte order
        return Value("other", None, f"{kind} of dtype {array.dtype}")
    return Value(kind, array)


def _describe_tuple(items: tuple[Any, ...] | list[Any]) -> Value:
    if not all(isinstance(item, (int, np.integer)) for item in items):
        return Value("other", None, f"{type(items).__name__} of other things than integers")
    return Value("tuple", np.array([int(item) for item in items], np.int64))
