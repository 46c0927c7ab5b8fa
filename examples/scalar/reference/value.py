"""01 Value: a number that remembers how it was computed."""

from __future__ import annotations

import math
from collections import abc


class Value:
    """A number, its gradient, and pairs of an operand and the slope by it."""

    def __init__(self, data: float, edges: abc.Sequence[tuple[Value, float]] = ()) -> None:
        """Hold a number that was computed from the operands in `edges`."""
        self.data = data
        self.grad = 0.0
        self.edges = edges

    def __add__(self, other: Value | float) -> Value:
        """Add a Value or a number."""
        b = _wrap(other)
        return Value(self.data + b.data, [(self, 1.0), (b, 1.0)])

    def __mul__(self, other: Value | float) -> Value:
        """Multiply by a Value or a number."""
        b = _wrap(other)
        return Value(self.data * b.data, [(self, b.data), (b, self.data)])

    def __pow__(self, exponent: float) -> Value:
        """Raise to a power that is a plain number."""
        if isinstance(exponent, Value):
            raise TypeError("the exponent must be a number")
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, [(self, slope)])

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        y = math.tanh(self.data)
        return Value(y, [(self, 1 - y * y)])

    def relu(self) -> Value:
        """Return the positive part."""
        return Value(max(self.data, 0.0), [(self, float(self.data > 0))])


def _wrap(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)
