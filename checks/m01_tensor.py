"""Checks of module 01, tensor: construction, arithmetic, matmul, indexing, shape and reductions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import EXACT, as_axis, check, raised

from .tensor_cases import (
    any_data,
    misfit,
    new_shape,
    pair,
    places,
    plain_operand,
    reduction,
    two_axes,
)

if TYPE_CHECKING:
    from gradgate.protocol.values import Answer

NAMES = ("Tensor",)


def names_shape(text: str, shape: tuple[int, ...]) -> bool:
    """Tell whether the sides stand in a text one after the other: (2, 3), [2,3] or 2 x 3."""
    sides = r"\D{1,3}".join(str(side) for side in shape)
    return re.search(rf"(?<![\d.]){sides}(?!\.?\d)", text) is not None


def look_for_parts(answer: Answer, x: Any) -> dict[str, Any]:
    """Look for the name, the shape and all values; the layout is the student's own."""
    text = answer["repr(t)"].text
    numbers = {float(number) for number in re.findall(r"-?\d+\.?\d*", text)}
    whole = numbers >= {*x.ravel().tolist()} and "Tensor" in text and names_shape(text, x.shape)
    return {"repr(t)": f"a text with Tensor, {x.shape} and all values" if whole else text}


def look_for_shapes(answer: Answer, a: Any, b: Any, wrong: Any) -> dict[str, Any]:
    """Look for both shapes, in any wording; where one is a vector, NumPy's message will do."""
    message = answer["a @ wrong"].message
    named = all(names_shape(message, x.shape) for x in (a, wrong)) or min(a.ndim, wrong.ndim) < 2
    told = f"a message with {a.shape} and {wrong.shape}" if named else message
    return {"a @ b": answer["a @ b"].array, "message of a @ wrong": told}


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


@check(inputs=pair, hint="NumPy's + already broadcasts; wrap the array it returns in a new Tensor.")
def adds(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a + b adds element by element, with NumPy's broadcasting."""
    t = api.Tensor(a)
    return {"a + b": t + api.Tensor(b), "a + a": t + t}


@check(inputs=pair, hint="As for +; mind which operand is subtracted from which.")
def subtracts(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a - b subtracts element by element, with NumPy's broadcasting."""
    return {"a - b": api.Tensor(a) - api.Tensor(b)}


@check(inputs=pair, hint="* multiplies element by element; the matrix product is @.")
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


@check(
    inputs=lambda draw: draw.factors("mk,kn", "mk,kk"),
    hint="Row times column, summed: np.matmul.",
)
def multiplies_matrices(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b and a.matmul(b) are the matrix product."""
    t, u = api.Tensor(a), api.Tensor(b)
    return {"a @ b": t @ u, "a.matmul(b)": t.matmul(u)}


@check(
    inputs=lambda draw: draw.factors("k,k", "mk,k", "k,kn", "bmk,k"),
    hint="A vector counts as a row on the left and as a column on the right, and loses that axis.",
)
def multiplies_vectors(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b takes vectors on either side, as np.matmul does."""
    return {"a @ b": api.Tensor(a) @ api.Tensor(b)}


@check(
    inputs=lambda draw: draw.factors(
        "bmk,bkn", "bmk,kn", "mk,bkn", "1mk,bkn", "bmk,1kn", "b1mk,ckn"
    ),
    hint="Only the last two axes are multiplied; all before them are batches, which broadcast.",
)
def multiplies_batches(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b multiplies batches of matrices, and batch axes broadcast."""
    return {"a @ b": api.Tensor(a) @ api.Tensor(b)}


@check(inputs=lambda draw: draw.factors("mk,kn"), hint="Test isinstance(other, Tensor) first.")
def refuses_plain_factors(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """t @ b raises TypeError where b is a number or a NumPy array instead of a Tensor."""
    t, u = api.Tensor(a), api.Tensor(b)
    return {"t @ u": t @ u, "t @ 3.0": raised(lambda: t @ 3.0), "t @ b": raised(lambda: t @ b)}


@check(inputs=misfit, hint="Compare the inner sizes yourself, before NumPy.", view=look_for_shapes)
def names_misfits(api: Any, a: Any, b: Any, wrong: Any) -> dict[str, Any]:
    """a @ b raises a ValueError that names both shapes where the inner sizes differ."""
    t, u, w = api.Tensor(a), api.Tensor(b), api.Tensor(wrong)
    return {"a @ b": t @ u, "a @ wrong": raised(lambda: t @ w)}


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


@check(inputs=reduction, hint="Hand axis and keepdims on to NumPy's sum.")
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


@check(inputs=pair, hint="For 2 - t Python calls t.__rsub__(2), and so on.", stretch=True)
def reflects(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """2 + t, 2 - t, 2 * t and 2 / t work with the number on the left."""
    t = api.Tensor(b)
    return {"2 + t": 2 + t, "2 - t": 2 - t, "2 * t": 2 * t, "2 / t": 2 / t}


@check(inputs=pair, hint="For t ** 2 Python calls t.__pow__(2).", stretch=True)
def offers_more(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """-t, t ** 2, t.flatten(), t.exp() and t.log() work, the last two with base e."""
    t, u = api.Tensor(a), api.Tensor(abs(b))
    return {"-t": -t, "t ** 2": t**2, "flatten": t.flatten(), "exp": t.exp(), "log": u.log()}
