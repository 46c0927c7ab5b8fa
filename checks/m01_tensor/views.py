"""What is compared where a text may be written in many ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradgate.protocol.values import Answer


def names_shape(text: str, shape: tuple[int, ...]) -> bool:
    """Tell whether the sides stand in a text one after the other: (2, 3), [2,3] or 2 x 3."""
    sides = r"\D{1,3}".join(str(side) for side in shape)
    return re.search(rf"(?<![\d.]){sides}(?!\.?\d)", text) is not None


def look_for_parts(answer: Answer, x: Any) -> dict[str, Any]:
    """Look for the name, the shape and all values; the layout is the student's own."""
    text = answer["repr(t)"].text
    numbers = {float(number) for number in re.findall(r"-?\d+\.?\d*", text)}
    whole = numbers >= {*x.ravel().tolist()} and "Tensor" in text and names_shape(text, x.shape)
    return {"repr(t)": f"a string with Tensor, {x.shape} and all values" if whole else text}


def look_for_shapes(answer: Answer, a: Any, b: Any, wrong: Any) -> dict[str, Any]:
    """Look for both shapes, in any wording; where one is a vector, NumPy's message will do."""
    message = answer["a @ wrong"].message
    named = all(names_shape(message, x.shape) for x in (a, wrong)) or min(a.ndim, wrong.ndim) < 2
    found = f"a message with {a.shape} and {wrong.shape}" if named else message
    return {"a @ b": answer["a @ b"].array, "message of a @ wrong": found}
