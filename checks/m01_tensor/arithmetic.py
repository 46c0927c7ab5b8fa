"""Adding, subtracting, multiplying and dividing elements."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check

from .cases import LARGE_PAIR, pair, plain_operand


@check(
    inputs=pair,
    corners=(LARGE_PAIR,),
    hint="NumPy's + already broadcasts; wrap the array it returns in a new Tensor.",
)
def adds(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a + b adds element by element, with NumPy's broadcasting."""
    t = api.Tensor(a)
    return {"a + b": t + api.Tensor(b), "a + a": t + t}


@check(inputs=pair, hint="As for +; mind which operand is subtracted from which.")
def subtracts(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a - b subtracts element by element, with NumPy's broadcasting."""
    return {"a - b": api.Tensor(a) - api.Tensor(b)}


@check(
    inputs=pair,
    corners=(LARGE_PAIR,),
    hint="* multiplies element by element; the matrix product is @.",
)
def multiplies(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a * b multiplies element by element, with NumPy's broadcasting."""
    return {"a * b": api.Tensor(a) * api.Tensor(b)}


@check(inputs=pair, hint="Python calls a.__truediv__(b) for a / b, with a above and b below.")
def divides(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a / b divides element by element, with NumPy's broadcasting."""
    return {"a / b": api.Tensor(a) / api.Tensor(b)}


@check(inputs=plain_operand, hint="Use other.data only where isinstance(other, Tensor).")
def takes_plain_operands(api: Any, a: Any, b: Any, c: Any) -> dict[str, Any]:
    """In a + b, a - b, a * b and a / b, b may be a NumPy array, left unchanged, or a number."""
    t = api.Tensor(a)
    return {
        "a + c": t + c,
        "a - c": t - c,
        "a * c": t * c,
        "a / c": t / c,
        "a + b": t + b,
        "a - b": t - b,
        "a * b": t * b,
        "a / b": t / b,
        "b": b,
    }


@check(inputs=pair, hint="Operators such as += write into the operand: compute a new array.")
def leaves_operands_alone(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a and b are unchanged after a + b, a - b, a * b and a / b."""
    t, u = api.Tensor(a), api.Tensor(b)
    return {"a + b": t + u, "a - b": t - u, "a * b": t * u, "a / b": t / u, "a": t, "b": u}


@check(inputs=lambda draw: {"a": draw.grid(draw.shape(0, 1))}, hint="Always compute a new array.")
def shares_no_memory(api: Any, a: Any) -> dict[str, Any]:
    """a + 0 and the like, and a vector's transpose, stay as they are when a is overwritten."""
    t = api.Tensor(a)
    plus, minus, times, over, copy = t + 0, t - 0, t * 1, t / 1, t.transpose()
    t.data[...] = 99
    return {"a + 0": plus, "a - 0": minus, "a * 1": times, "a / 1": over, "a.transpose()": copy}
