"""How the course's tensors are differentiated: what a gradient check does around its expression."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import gradient_checks


def make_leaf(api: Any, value: Any) -> Any:
    """Make a tensor that collects a gradient."""
    return api.Tensor(value, requires_grad=True)


def propagate(api: Any, out: Any, v: Any) -> Any:
    """Send the cotangent v back from a result."""
    return out.backward(v)


gradient = gradient_checks(leaf=make_leaf, propagate=propagate)
