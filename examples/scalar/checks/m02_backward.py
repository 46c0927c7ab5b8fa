"""Checks of module 02: backward, which fills in the gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradgate.authoring import Inputs, check, grad, gradient_checks

from .m01_value import EIGHTHS, base_and_exponent, one_number, two_numbers

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("backward",)


def make_leaf(api: Any, value: float) -> Any:
    """Make a Value that collects a gradient."""
    return api.Value(value)


def propagate(api: Any, out: Any, v: None) -> Any:
    """Fill in the gradients of all that `out` was computed from."""
    return api.backward(out)


gradient = gradient_checks(leaf=make_leaf, propagate=propagate, leaves=("a", "b"))


def not_zero(draw: Draw) -> Inputs:
    """Draw a number at which relu has a slope."""
    return {"a": draw.choice([number for number in EIGHTHS if number])}


@gradient(inputs=two_numbers, hint="Each operand of a sum gets the gradient of the sum.")
def add(api: Any, a: Any, b: Any) -> Any:
    """a + b passes the right gradients to a and b."""
    return a + b


@gradient(inputs=two_numbers, hint="The slope of a is b's data, and the other way round.")
def multiply(api: Any, a: Any, b: Any) -> Any:
    """a * b passes the right gradients to a and b."""
    return a * b


@gradient(inputs=base_and_exponent, hint="The slope is n * a ** (n - 1).")
def power(api: Any, a: Any, n: int) -> Any:
    """a ** n passes the right gradient to a."""
    return a**n


@gradient(inputs=one_number, hint="The slope of tanh is 1 - tanh(a) ** 2.")
def tanh(api: Any, a: Any) -> Any:
    """a.tanh() passes the right gradient to a."""
    return a.tanh()


@gradient(inputs=not_zero, hint="The gradient passes where a is positive.")
def relu(api: Any, a: Any) -> Any:
    """a.relu() passes the gradient on where a is positive."""
    return a.relu()


@gradient(inputs=two_numbers, hint="Add to grad, never replace it; visit a Value after its users.")
def reuse(api: Any, a: Any, b: Any) -> Any:
    """A Value that is used several times adds up the gradients of all its uses."""
    return (a * b + a) * (a * b + b)


@check(inputs=two_numbers, hint="Start from grad = 1 at the result, and leave all data alone.")
def leaves_data_alone(api: Any, a: float, b: float) -> dict[str, Any]:
    """backward(out) sets out.grad to 1 and changes no data."""
    x, y = api.Value(a), api.Value(b)
    out = x * y
    api.backward(out)
    return {"a * b": out, "a": x, "b": y, "grad of the result": grad(out)}
