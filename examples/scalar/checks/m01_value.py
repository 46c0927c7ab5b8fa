"""Checks of module 01: a Value, and what can be computed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradgate.authoring import Inputs, check, raised

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("Value",)
EIGHTHS = tuple(k / 8 for k in (1, 0, -1, 2, -2, 4, 8, -8, 12, -16))


def one_number(draw: Draw) -> Inputs:
    """Draw a multiple of 1/8."""
    return {"a": draw.choice(EIGHTHS)}


def two_numbers(draw: Draw) -> Inputs:
    """Draw two multiples of 1/8."""
    return {"a": draw.choice(EIGHTHS), "b": draw.choice(EIGHTHS)}


def base_and_exponent(draw: Draw) -> Inputs:
    """Draw a number that is not zero, and a whole exponent."""
    return {"a": draw.choice((1.0, 0.5, -0.5, 2.0, -2.0)), "n": draw.choice((2, 0, 1, 3, -1))}


@check(inputs=one_number, hint="In __init__: self.data = data, self.grad = 0.0.")
def holds_its_number(api: Any, a: float) -> dict[str, Any]:
    """Value(a) holds the number a as data, and starts with the gradient 0."""
    value = api.Value(a)
    return {"data": value.data, "grad": value.grad}


@check(inputs=two_numbers, hint="Wrap a plain number in a Value before you add its data.")
def adds(api: Any, a: float, b: float) -> dict[str, Any]:
    """a + b adds two Values, or a Value and a number."""
    return {"a + b": api.Value(a) + api.Value(b), "a + number": api.Value(a) + b}


@check(inputs=two_numbers, hint="Wrap a plain number in a Value before you multiply by its data.")
def multiplies(api: Any, a: float, b: float) -> dict[str, Any]:
    """a * b multiplies two Values, or a Value and a number."""
    return {"a * b": api.Value(a) * api.Value(b), "a * number": api.Value(a) * b}


@check(inputs=base_and_exponent, hint="Raise the data to the power; refuse an exponent of a Value.")
def raises_to_powers(api: Any, a: float, n: int) -> dict[str, Any]:
    """a ** n is a Value for a number n, and a TypeError for a Value n."""
    base = api.Value(a)
    return {"a ** n": base**n, "a ** Value(n)": raised(lambda: base ** api.Value(n))}


@check(inputs=one_number, hint="tanh is math.tanh; relu keeps what is positive.")
def squashes(api: Any, a: float) -> dict[str, Any]:
    """a.tanh() and a.relu() are the hyperbolic tangent and the positive part."""
    return {"a.tanh()": api.Value(a).tanh(), "a.relu()": api.Value(a).relu()}
