"""The gradients of a tensor's own operations, weighted by v."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import as_axis

from ..gradients import gradient
from . import cases

BROADCAST = "Where an operand was broadcast, sum its gradient over those axes."


FACTOR = "Swap the last two axes of the other factor; sum over batch axes that were broadcast."


COLUMN = "Give v the axis that the vector lost, as a row or a column; drop it again at the end."


READ = "Start from zeros of x's shape and add the gradient where x was read: see np.add.at."


BACK = "Put the axes that were reduced back with length 1, then broadcast to the shape of x."


PEAK = "Only elements equal to the maximum get a gradient; if there are several, they share it."


@gradient(inputs=cases.pair, hint=BROADCAST)
def add(api: Any, a: Any, b: Any) -> Any:
    """a + b passes the right gradients back to a and b."""
    return a + b


@gradient(inputs=cases.pair, hint=f"b counts negative. {BROADCAST}")
def subtract(api: Any, a: Any, b: Any) -> Any:
    """a - b passes the right gradients back to a and b."""
    return a - b


@gradient(inputs=cases.pair, corners=(cases.LARGE_PAIR,), hint=f"The slope of a is b. {BROADCAST}")
def multiply(api: Any, a: Any, b: Any) -> Any:
    """a * b passes the right gradients back to a and b."""
    return a * b


@gradient(inputs=cases.pair, hint=f"Differentiate by b, too. {BROADCAST}")
def divide(api: Any, a: Any, b: Any) -> Any:
    """a / b passes the right gradients back to a and b."""
    return a / b


@gradient(inputs=cases.single, hint="Constants get no gradient, but x does.")
def numbers(api: Any, x: Any, v: Any) -> Any:
    """+, -, * and / pass the right gradient back to x beside a number or an array."""
    return ((x + 2) * 3 - 1) / 4 * v


@gradient(inputs=cases.single, hint="Add the contributions of all uses.")
def reuse(api: Any, x: Any) -> Any:
    """A tensor used four times receives the sum of four contributions."""
    return (x + x) * x + x


@gradient(
    inputs=cases.pair, hint="Never += into an array you received: another branch may hold it."
)
def sums_of_sums(api: Any, a: Any, b: Any) -> Any:
    """Gradients of tensors that several sums share do not mix."""
    return ((a + b) + (a * 2 + b * 2)) + (a + b)


@gradient(inputs=cases.matrices, corners=(cases.LARGE_FACTORS,), hint=FACTOR)
def matmul(api: Any, a: Any, b: Any) -> Any:
    """a @ b passes the right gradients back to two matrices."""
    return a @ b


@gradient(inputs=cases.batches_of_matrices, hint=FACTOR)
def matmul_of_batches(api: Any, a: Any, b: Any) -> Any:
    """a @ b passes the right gradients back to batches of matrices, also where they broadcast."""
    return a @ b


@gradient(inputs=cases.vectors, hint=COLUMN)
def matmul_of_vectors(api: Any, a: Any, b: Any) -> Any:
    """a @ b passes the right gradients back where a, b or both are vectors."""
    return a @ b


@gradient(inputs=cases.dims, hint="Restore the shape of x.")
def reshape(api: Any, x: Any, v: Any) -> Any:
    """x.reshape passes the gradient back in the shape and order of x."""
    return x.reshape(*v.shape)


@gradient(inputs=cases.dims, hint="Swap the axes back.")
def transpose(api: Any, x: Any, axes: Any) -> Any:
    """x.transpose passes the gradient back with the axes swapped back."""
    return x.transpose(*axes)


@gradient(inputs=cases.places, hint=READ)
def index(api: Any, x: Any, start: Any, key: Any) -> Any:
    """x[key] passes the gradient back to the elements it read, and zeros to the others."""
    return x[start:, key]


@gradient(inputs=cases.repeated, hint=READ)
def index_repeated(api: Any, x: Any, key: Any) -> Any:
    """x[key] adds up the gradients of what it read several times."""
    return x[as_axis(key)]


@gradient(inputs=cases.reduction, hint=BACK)
def sum_(api: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """x.sum passes its gradient back to every element it added up, for any axis and keepdims."""
    return x.sum(axis=as_axis(axis), keepdims=keepdims)


@gradient(inputs=cases.reduction, hint=f"Each element gets an equal share. {BACK}")
def mean(api: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """x.mean passes the right share back to every element, for any axis and keepdims."""
    return x.mean(axis=as_axis(axis), keepdims=keepdims)


@gradient(inputs=cases.maximum, hint=PEAK, view=cases.add_up_shares)
def max_(api: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """x.max passes its gradient back to the largest elements only, for any axis and keepdims."""
    return x.max(axis=as_axis(axis), keepdims=keepdims)
