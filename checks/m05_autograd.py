"""Checks of module 05, autograd: every operation's gradient, weighted by v, and backward itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import Raised, as_axis, check, grad, raised

from . import gradient_cases as cases
from .gradients import gradient

NAMES = ("enable_autograd",)

STRETCHED = "Where an operand was stretched, sum its gradient over those axes."
FACTOR = "Swap the last two axes of the other factor; sum over batch axes that were stretched."
COLUMN = "Give v the axis that the vector lost, as a row or a column; drop it again at the end."
READ = "Start from zeros of x's shape and add the gradient where x was read: see np.add.at."
BACK = "Put the axes that were reduced back with length 1, then broadcast to the shape of x."
PEAK = "Only elements equal to the maximum get a gradient; if there are several, they share it."
OUTPUT = "The slope can be written with the output alone: try it on paper."
ALONG = "Every output depends on every input along dim, not only on its own."
MEAN = "Differentiate on paper; the mean brings the number of elements, or of samples."


@gradient(inputs=cases.pair, hint=STRETCHED)
def add(api: Any, a: Any, b: Any) -> Any:
    """a + b passes the right gradients back to a and b."""
    return a + b


@gradient(inputs=cases.pair, hint=f"b counts negative. {STRETCHED}")
def subtract(api: Any, a: Any, b: Any) -> Any:
    """a - b passes the right gradients back to a and b."""
    return a - b


@gradient(inputs=cases.pair, hint=f"The slope of a is b. {STRETCHED}")
def multiply(api: Any, a: Any, b: Any) -> Any:
    """a * b passes the right gradients back to a and b."""
    return a * b


@gradient(inputs=cases.pair, hint=f"Differentiate by b, too. {STRETCHED}")
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


@gradient(inputs=cases.matrices, hint=FACTOR)
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


@gradient(inputs=cases.single, hint="It passes where x is positive.")
def relu(api: Any, x: Any) -> Any:
    """ReLU passes the gradient back where x is positive, and none where it is negative."""
    return api.ReLU()(x)


@gradient(inputs=cases.single, hint=OUTPUT)
def sigmoid(api: Any, x: Any) -> Any:
    """Sigmoid passes the right gradient back."""
    return api.Sigmoid()(x)


@gradient(inputs=cases.single, hint=OUTPUT)
def tanh(api: Any, x: Any) -> Any:
    """Tanh passes the right gradient back."""
    return api.Tanh()(x)


@gradient(inputs=cases.single, hint="Differentiate your own formula.", also=(cases.exact_gelu,))
def gelu(api: Any, x: Any) -> Any:
    """GELU passes back the gradient of the very formula it computes."""
    return api.GELU()(x)


@gradient(inputs=cases.scores, hint=ALONG)
def softmax(api: Any, x: Any, dim: Any) -> Any:
    """Softmax passes the right gradient back along any dim."""
    return api.Softmax()(x, dim=dim)


@gradient(inputs=cases.scores, hint=ALONG)
def log_softmax(api: Any, x: Any, dim: Any) -> Any:
    """log_softmax passes the right gradient back along any dim."""
    return api.log_softmax(x, dim=dim)


@gradient(inputs=cases.kept, hint="Use the mask of the forward call.", view=cases.read_mask)
def dropout(api: Any, x: Any, p: Any) -> Any:
    """Dropout passes the gradient back through the mask of its forward call."""
    return api.Dropout(p)(x)


@gradient(inputs=cases.probabilities, hint=MEAN)
def mse(api: Any, x: Any, y: Any) -> Any:
    """MSELoss passes the right gradient back to the predictions."""
    return api.MSELoss()(x, api.Tensor(y))


@gradient(inputs=cases.logits, hint=MEAN)
def cross_entropy(api: Any, x: Any, ids: Any) -> Any:
    """CrossEntropyLoss passes the right gradient back to the logits."""
    return api.CrossEntropyLoss()(x, api.Tensor(ids))


@gradient(inputs=cases.probabilities, hint=MEAN)
def binary_cross_entropy(api: Any, x: Any, y: Any) -> Any:
    """BinaryCrossEntropyLoss passes the right gradient back to the probabilities."""
    return api.BinaryCrossEntropyLoss()(x, api.Tensor(y))


@check(
    inputs=cases.batch, hint="If @ and + record, nothing is left to do here: use them in forward."
)
def linear(api: Any, x: Any, w: Any, b: Any, v: Any) -> dict[str, Any]:
    """Linear passes gradients back to its input, its weight and its bias."""
    x, layer = api.Tensor(x, requires_grad=True), api.Linear(*w.shape)
    layer.weight.data[...], layer.bias.data[...] = w, b
    w, b = layer.weight, layer.bias
    (out := layer(x)).backward(v)
    return {
        "Linear(x)": out,
        "grad of x": grad(x, of="x"),
        "grad of w": grad(w, of="w"),
        "grad of b": grad(b, of="b"),
    }


@check(inputs=cases.single, hint="Patch only once, or every operation is recorded twice.")
def enable_autograd_again(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """enable_autograd() changes nothing when it is called again, even amid a computation."""
    x = api.Tensor(x, requires_grad=True)
    half = x * 0.5
    api.enable_autograd()
    (out := half * 2 * x).backward(v)
    return {"x * 0.5 * 2 * x": out, "grad of x": grad(x, of="x")}


@check(inputs=cases.extremes, hint="Record the stable formula of module 02, not another one.")
def sigmoid_of_extremes(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """With recording on, Sigmoid neither overflows for |x| up to 1e4 nor loses its gradient."""
    x = api.Tensor(x, requires_grad=True)
    with np.errstate(over="raise"):
        out = api.Sigmoid()(x)
    out.backward(v)
    return {"Sigmoid()(x)": out, "grad of x": grad(x, of="x")}


@check(inputs=cases.single, hint="Visit each tensor once, after all that were computed from it.")
def nested_diamonds(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Paths that part and meet again, 40 times in a row, give the right gradient at once."""
    x = out = api.Tensor(x, requires_grad=True)
    for _ in range(40):
        out = out * 0.5 * 0.5 * 2 + out * 0.5
    out.backward(v)
    return {"output": out, "grad of x": grad(x, of="x")}


@check(inputs=cases.single, hint="Find the order with a loop and a list of your own.", examples=3)
def long_chain(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """A chain of 5,000 operations does not hit the recursion limit."""
    x = out = api.Tensor(x, requires_grad=True)
    for _ in range(2500):
        out = (out + 1) * -1
    out.backward(v)
    return {"output": out, "grad of x": grad(x, of="x")}


@check(inputs=cases.single, hint="Add to grad where there is one; zeros are a gradient too.")
def accumulates(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """A second backward() adds to grad, and zero_grad() starts afresh."""
    x = api.Tensor(x, requires_grad=True)
    (out := x * 3 * x).backward(v)
    out.backward(v)
    twice = grad(x, of="x")
    x.zero_grad()
    out.backward(np.zeros_like(v))
    return {"x * 3 * x": out, "grad of x": twice, "grad of x, afresh, for zeros": grad(x, of="x")}


@check(
    inputs=cases.single, hint="What the first call left on tensors in between must not count again."
)
def shared_part(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """backward() of two results that share a part adds up the gradients of both."""
    x = api.Tensor(x, requires_grad=True)
    part = x * 2
    other, out = part * 3, part * part
    other.backward(v)
    out.backward(v)
    return {"part * part": out, "grad of x": grad(x, of="x")}


@check(inputs=cases.pair, hint="Ask every operand whether it requires a gradient.")
def none_unasked(api: Any, a: Any, b: Any, v: Any) -> dict[str, Any]:
    """A tensor that does not require a gradient keeps grad None."""
    a, b = api.Tensor(a, requires_grad=True), api.Tensor(b)
    (out := b - a / b).backward(v)
    return {"b - a / b": out, "grad of a": grad(a, of="a"), "b.grad": grad(b)}


@check(
    inputs=cases.rows, hint="-=, *= and x[...] = write into an array that is not yours: copy it."
)
def changes_nothing_else(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Neither an operation nor backward() changes the data of x or the v it was given."""
    t = api.Tensor(x, requires_grad=True)
    functions = api.ReLU(), api.Sigmoid(), api.Tanh(), api.GELU(), api.Softmax(), api.log_softmax
    for out in (t + t, t - t, t * t, t / t, t.reshape(*t.shape), *(f(t) for f in functions)):
        out.backward(v)
    return {"x afterwards": t, "v afterwards": v}


@check(inputs=cases.twins, hint="Where the gradient passes unchanged, hand on a copy of it.")
def own_gradients(api: Any, a: Any, b: Any, v: Any) -> dict[str, Any]:
    """The gradients of two tensors share no memory."""
    a, b = api.Tensor(a, requires_grad=True), api.Tensor(b, requires_grad=True)
    (out := a + b).backward(v)
    a.grad *= 2
    return {
        "a + b": out,
        "grad of a, doubled in place": grad(a, of="a"),
        "grad of b": grad(b, of="b"),
    }


def runtime_error(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """Answer with the other exception that the contract accepts."""
    return {**starts_from_one.scenario(api, a, b), "t.backward()": Raised("RuntimeError", (), "")}


@check(inputs=cases.two_by_two, hint="Only a scalar can start from 1.", also=(runtime_error,))
def starts_from_one(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """backward() alone starts from 1 for a scalar and is refused for any other tensor."""
    a = api.Tensor(a, requires_grad=True)
    t = a * api.Tensor(b)
    (total := t.sum()).backward()
    return {"t.sum()": total, "grad of a": grad(a, of="a"), "t.backward()": raised(t.backward)}
