"""02 backward: the gradients of everything that a Value was computed from."""

from __future__ import annotations

from .value import Value


def backward(out: Value) -> None:
    """Add to the grad of every Value below `out` the slope of `out` by it."""
    out.grad = 1.0
    for value in reversed(_sort(out)):
        for operand, slope in value.edges:
            operand.grad += slope * value.grad


def _sort(out: Value) -> list[Value]:
    """Return all Values below `out`, each after its operands."""
    order: dict[int, Value] = {}

    def visit(value: Value) -> None:
        if id(value) not in order:
            for operand, _ in value.edges:
                visit(operand)
            order[id(value)] = value

    visit(out)
    return list(order.values())
