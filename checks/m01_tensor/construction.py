"""A Tensor is made, has attributes and shows itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import check

from .cases import any_data
from .views import look_for_parts


@check(inputs=any_data, hint="np.array(data, dtype=...) takes all of these; a number has shape ().")
def holds_float32(api: Any, data: Any) -> dict[str, Any]:
    """Tensor(data) holds a number, a list or an array as float32, and numpy() returns it."""
    t = api.Tensor(data)
    same = np.asarray(t.numpy()).dtype == t.data.dtype
    return {"Tensor(data)": t, "numpy()": t.numpy(), "dtype of numpy() is that of data": same}


@check(inputs=any_data, hint="Ask the stored array for shape, size and dtype, not what came in.")
def has_attributes(api: Any, data: Any) -> dict[str, Any]:
    """A Tensor has shape, size, dtype, requires_grad (False unless given) and grad (None)."""
    t, learns = api.Tensor(data), api.Tensor(data, requires_grad=True)
    same, flags = t.dtype == t.data.dtype, (t.requires_grad, learns.requires_grad)
    return {
        "Tensor(data)": t,
        "shape": t.shape,
        "size": t.size,
        "dtype is that of data": same,
        "requires_grad, not given and given": flags,
        "grad": learns.grad,
    }


@check(
    inputs=lambda draw: {"x": draw.odd(draw.shape(1, 2)) * 8},  # halves: no shape looks like them
    hint="An f-string with the name, the array and the shape is enough.",
    view=look_for_parts,
)
def shows_itself(api: Any, x: Any) -> dict[str, Any]:
    """repr(t) shows the class name, the values and the shape."""
    return {"repr(t)": repr(api.Tensor(x))}
