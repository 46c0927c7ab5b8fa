"""Sums, means and maxima, and what all operations leave alone."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import EXACT, as_axis, check

from .cases import LARGE_SUMMANDS, reduction


@check(
    inputs=reduction,
    corners=(LARGE_SUMMANDS,),
    hint="Hand axis and keepdims on to NumPy's sum.",
)
def sums(api: Any, x: Any, axis: Any, axes: Any, keepdims: bool) -> dict[str, Any]:
    """t.sum adds up along one axis, several or all, and keeps these axes if asked to."""
    t = api.Tensor(x)
    one, several = (t.sum(axis=as_axis(which), keepdims=keepdims) for which in (axis, axes))
    return {"t.sum along axis": one, "t.sum along axes": several}


@check(inputs=reduction, hint="Divide by how many elements were added up, not by t.size.")
def averages(api: Any, x: Any, axis: Any, axes: Any, keepdims: bool) -> dict[str, Any]:
    """t.mean averages along one axis, several or all, and keeps these axes if asked to."""
    t = api.Tensor(x)
    one, several = (t.mean(axis=as_axis(which), keepdims=keepdims) for which in (axis, axes))
    return {"t.mean along axis": one, "t.mean along axes": several}


@check(inputs=reduction, hint="Hand axis and keepdims on to NumPy's max.", tolerance=EXACT)
def maximizes(api: Any, x: Any, axis: Any, axes: Any, keepdims: bool) -> dict[str, Any]:
    """t.max is the largest value along one axis, several or all, and keeps these axes too."""
    t = api.Tensor(x)
    one, several = (t.max(axis=as_axis(which), keepdims=keepdims) for which in (axis, axes))
    return {"t.max along axis": one, "t.max along axes": several}


@check(inputs=reduction, hint="t.data.sort() and t.data.shape = ... write into t.")
def leaves_the_tensor_alone(
    api: Any, x: Any, axis: Any, axes: Any, keepdims: bool
) -> dict[str, Any]:
    """t is unchanged after t.sum, t.mean, t.max, t.transpose and t.reshape."""
    t = api.Tensor(x)
    return {
        "t.sum": t.sum(axis=axis, keepdims=keepdims),
        "t.mean": t.mean(axis=axis, keepdims=keepdims),
        "t.max": t.max(axis=as_axis(axes), keepdims=keepdims),
        "t.transpose()": t.transpose(),
        "t.reshape(-1)": t.reshape(-1),
        "t": t,
    }
