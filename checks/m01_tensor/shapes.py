"""Indexing, reshape and transpose."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import EXACT, check, raised

from .cases import new_shape, places, two_axes


@check(inputs=places, hint="Let NumPy index with the key as it came.", tolerance=EXACT)
def takes_ints_and_slices(api: Any, x: Any, rows: Any, columns: Any) -> dict[str, Any]:
    """t[key] takes ints, slices and tuples of them, and is a Tensor even for one element."""
    t, i, j = api.Tensor(x), int(rows[0]), int(columns[0])
    return {"t[i]": t[i], "t[i, j]": t[i, j], "t[i:]": t[i:], "t[::-1, j]": t[::-1, j]}


@check(inputs=places, hint="Let NumPy index with the key as it came.", tolerance=EXACT)
def takes_arrays(api: Any, x: Any, rows: Any, columns: Any) -> dict[str, Any]:
    """t[key] takes integer arrays, where indices may repeat and be negative, and boolean arrays."""
    t, first = api.Tensor(x), x.reshape(len(x), -1)[:, 0]
    return {
        "t[rows]": t[rows],
        "t[rows, columns]": t[rows, columns],
        "t[x > 0]": t[x > 0],
        "t[first > 0], first of each row": t[first > 0],
    }


@check(inputs=new_shape, hint="Given a tuple, *shape is a tuple in a tuple.", tolerance=EXACT)
def reshapes(api: Any, x: Any, shape: list[int]) -> dict[str, Any]:
    """t.reshape takes sizes one by one or as a tuple, works out one -1 and keeps the order."""
    t = api.Tensor(x)
    return {"t.reshape(*shape)": t.reshape(*shape), "t.reshape(tuple)": t.reshape(tuple(shape))}


@check(inputs=new_shape, hint="NumPy's reshape raises ValueError in both cases: let it.")
def refuses_wrong_sizes(api: Any, x: Any, shape: list[int]) -> dict[str, Any]:
    """t.reshape raises ValueError for two -1s and for another number of elements."""
    t, size = api.Tensor(x), x.size
    return {
        "t.reshape(*shape)": t.reshape(*shape),
        "t.reshape(-1, -1)": raised(lambda: t.reshape(-1, -1)),
        "t.reshape(size + 1)": raised(lambda: t.reshape(size + 1)),
    }


@check(inputs=two_axes, hint="Swap two axes only: .T would reverse all.", tolerance=EXACT)
def transposes(api: Any, x: Any, dim0: int, dim1: int) -> dict[str, Any]:
    """t.transpose() swaps the last two axes, t.transpose(dim0, dim1) the two given."""
    t = api.Tensor(x)
    return {"t.transpose()": t.transpose(), "t.transpose(dim0, dim1)": t.transpose(dim0, dim1)}


@check(inputs=two_axes, hint="Compare with None: axis 0 counts as False.")
def refuses_one_axis(api: Any, x: Any, dim0: int, dim1: int) -> dict[str, Any]:
    """t.transpose raises ValueError where only one of the two axes is given."""
    t = api.Tensor(x)
    return {
        "t.transpose(dim0, dim1)": t.transpose(dim0, dim1),
        "t.transpose(dim0)": raised(lambda: t.transpose(dim0)),
        "t.transpose(dim1=dim1)": raised(lambda: t.transpose(dim1=dim1)),
    }
