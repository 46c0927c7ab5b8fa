"""01 Value: a number that remembers how it was computed."""


class Value:
    """A number as `data`, and its gradient as `grad`, which starts at 0.0.

    Remember in every operation what you need for module 02.
    """

    def __init__(self, data):
        raise NotImplementedError

    def __add__(self, other):
        """Return self + other as a new Value; other is a Value or a number."""
        raise NotImplementedError

    def __mul__(self, other):
        """Return self * other as a new Value; other is a Value or a number."""
        raise NotImplementedError

    def __pow__(self, exponent):
        """Return self ** exponent; exponent is a number, a Value raises TypeError."""
        raise NotImplementedError

    def tanh(self):
        """Return the hyperbolic tangent as a new Value."""
        raise NotImplementedError

    def relu(self):
        """Return the positive part as a new Value."""
        raise NotImplementedError
