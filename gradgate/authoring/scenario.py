"""What scenarios are written with: reading a gradient, catching an exception.

Runs on both sides, so it holds no expectation and imports nothing but NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Raised:
    """An exception a scenario provoked: its class, the built-in classes it is, its message."""

    type: str
    builtins: tuple[str, ...]
    message: str


def raised(call: Callable[[], Any]) -> Raised | None:
    """Run `call` and return the exception it raises, or None where it raises none."""
    try:
        call()
    except Exception as error:
        return Raised(type(error).__name__, builtin_bases(type(error)), message_of(error))
    return None


def builtin_bases(kind: type[BaseException]) -> tuple[str, ...]:
    """Names of the built-in classes among an exception's class and its bases."""
    return tuple(base.__name__ for base in kind.__mro__ if base.__module__ == "builtins")


def message_of(error: BaseException, limit: int = 500) -> str:
    """Return an exception's message on one line, shortened; never raises."""
    try:
        return " ".join(str(error).split())[:limit]
    except Exception:
        return "(its message could not be printed)"


@dataclass(frozen=True)
class Gradient:
    """The gradient of the input called `of`: a copy of an array, or None where none arrived."""

    value: Any
    of: str


def grad(holder: Any, of: str = "") -> Any:
    """Return a copy of what `holder.grad` holds, as an array, or None.

    Name the input that it is the gradient `of`: then a wrong one is held against the usual
    mistakes and against differences of the forward.
    """
    value = values(holder.grad)
    return Gradient(value, of) if of else value


def values(holder: Any) -> Any:
    """Return a copy of the array that an object holds as `data`, or is; anything else as it is."""
    plain = holder is None or isinstance(holder, (np.ndarray, np.generic, float, int))
    held = holder if plain else getattr(holder, "data", holder)
    return held.copy() if type(held) is np.ndarray else held


def as_axis(axis: Any) -> Any:
    """Return a list of axes as a tuple: inputs travel as JSON, which has no tuples."""
    return tuple(axis) if isinstance(axis, list) else axis
