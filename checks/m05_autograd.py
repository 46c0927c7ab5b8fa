"""Checks of module 05, autograd: every operation's gradient, weighted by v, and backward itself."""

from __future__ import annotations

import linecache
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.engine.check import Check, Inputs, check
from checks.engine.scenario import Raised, grad, raised

if TYPE_CHECKING:
    from checks.engine.draw import Draw
    from checks.engine.values import Answer

NAMES = ("enable_autograd",)


def gradient(name: str, names: str, expression: str, inputs: Any, hint: str, **more: Any) -> Check:
    """Build the check of the gradients that an expression passes back to its tensors a, b or x."""
    leaves = [word for word in names.split(", ") if word in "abx"]
    tensors = ", ".join(f"api.Tensor({leaf}, requires_grad=True)" for leaf in leaves)
    gradients = ", ".join(f'"grad of {leaf}": grad({leaf})' for leaf in leaves)
    label = expression.replace("api.", "").replace("as_axis(axis)", "axis")
    title = name.replace("_", " ").capitalize()
    # Written out as a function of its own, so that reports can show its source to the student.
    source = f'''\
def {name}(api, {names}, v):
    """{title}: {label} passes the right gradient back to {" and ".join(leaves)}."""
    {", ".join(leaves)} = {tensors}
    out = {expression}
    out.backward(v)
    return {{"{label}": out, {gradients}}}
'''
    file = f"{__file__}:{name}"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), scope := dict(globals()))
    return check(inputs=inputs, hint=hint, **more)(scope[name])


def pair(draw: Draw) -> Inputs:
    """Two arrays whose shapes broadcast; the second divides without rounding."""
    a, b = draw.broadcast_shapes()
    v = draw.nonzero(np.broadcast_shapes(a, b))
    return {"a": draw.grid(a), "b": draw.powers(b), "v": v}


def factors(draw: Draw, *patterns: str) -> Inputs:
    """Two factors of a matrix product."""
    inputs = draw.factors(*patterns)
    return inputs | {"v": draw.nonzero(np.matmul(inputs["a"], inputs["b"]).shape)}


def single(draw: Draw) -> Inputs:
    """One array, away from the kink of ReLU."""
    x = draw.odd(draw.shape(0, 3))
    return {"x": x, "v": draw.nonzero(x.shape)}


def scores(draw: Draw) -> Inputs:
    """Scores and the axis along which to normalise them."""
    inputs = draw.scores()
    return inputs | {"v": draw.nonzero(inputs["x"].shape)}


def dims(draw: Draw) -> Inputs:
    """An array and two axes to swap; none named means the last two."""
    x, axes = draw.grid(draw.shape(1, 3)), draw.choice(([], [0, -1], [-1, 0]))
    first, second = axes or (max(-2, -x.ndim), -1)
    return {"x": x, "axes": axes, "v": draw.nonzero(x.swapaxes(first, second).shape)}


def places(draw: Draw) -> Inputs:
    """A matrix, its first row to read, and the column, or a mask of the columns, to read."""
    x = draw.grid(draw.shape(2, 2))
    start, count = draw.integer(0, len(x) - 1), x.shape[1]
    key: Any = draw.choice((draw.integer(-count, count - 1), draw.mask((count,))))
    return {"x": x, "start": start, "key": key, "v": draw.nonzero(x[start:, key].shape)}


def repeated(draw: Draw) -> Inputs:
    """An array and numbers of its rows, of which at least two are equal."""
    x = draw.grid(draw.shape(1, 2))
    rows = draw.ids(len(x) + 1, len(x))
    return {"x": x, "rows": rows, "v": draw.nonzero(x[rows].shape)}


def as_axis(axis: Any) -> Any:
    """Return a list of axes as a tuple: inputs travel as JSON, which has no tuples."""
    return tuple(axis) if isinstance(axis, list) else axis


def reduction(draw: Draw) -> Inputs:
    """An array, all elements different or many of them equal, and which axes to reduce."""
    x = draw.choice((draw.distinct, draw.mask))(draw.shape(1, 3)).astype(np.float32)
    axis, keepdims = draw.choice((None, 0, -1, [*range(x.ndim)][-2:])), draw.choice((False, True))
    v = draw.nonzero(x.sum(axis=as_axis(axis), keepdims=keepdims).shape)
    return {"x": x, "axis": axis, "keepdims": keepdims, "v": v}


def add_up_shares(answer: Answer, x: Any, axis: Any, keepdims: bool, v: Any) -> dict[str, Any]:
    """Add up what the largest elements received: how they share it is the student's choice."""
    largest = x.max(axis=as_axis(axis), keepdims=True)
    out, dx = (np.asarray(value.array) for value in answer.values())
    total = dx.sum(axis=as_axis(axis), keepdims=keepdims)
    strange = np.where(x < largest, dx, np.minimum(dx * np.sign(v.reshape(largest.shape)), 0))
    return {"maximum": out, "gradient in total": total, "gradient that is no share": strange}


def exact_gelu(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Answer with x Phi(x), the form with the error function (Hendrycks and Gimpel, 2016)."""
    below = np.array([math.erf(t / math.sqrt(2)) for t in x.ravel()]).reshape(x.shape) / 2 + 0.5
    slope = below + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return {"GELU()(x)": api.Tensor(x * below), "grad of x": v * slope}


def kept(draw: Draw) -> Inputs:
    """An array, scaled without rounding; that none of 40 elements is kept happens once in 10^12."""
    return {"x": draw.powers((5, 8)), "p": draw.choice((0.5, 0.25)), "v": draw.powers((5, 8))}


def read_mask(answer: Answer, x: Any, p: float, v: Any) -> dict[str, Any]:
    """Compare what passed back with what passed forward: the mask is the student's own."""
    out, dx = (np.asarray(value.array) for value in answer.values())
    return {"largest output / x": (out / x).max(), "gradient / v - output / x": dx / v - out / x}


def logits(draw: Draw) -> Inputs:
    """Logits of up to four samples, and their classes."""
    x = draw.grid((draw.integer(1, 4), draw.integer(2, 4)), top=32)
    return {"x": x, "ids": draw.ids(*x.shape), "v": draw.nonzero(())}


def probabilities(draw: Draw) -> Inputs:
    """Probabilities away from 0 and 1, and labels 0 or 1."""
    x = abs(draw.odd(draw.shape(1, 2), top=8))
    return {"x": x, "y": draw.mask(x.shape).astype(np.float32), "v": draw.nonzero(())}


def batch(draw: Draw) -> Inputs:
    """A batch of one or two axes, and a weight and a bias for it."""
    features, out, *leading = draw.shape(3, 4)
    x, w, b = draw.grid((*leading, features)), draw.grid((features, out)), draw.grid((out,))
    return {"x": x, "w": w, "b": b, "v": draw.nonzero((*leading, out))}


STRETCHED = "Where an operand was stretched, sum its gradient over those axes."
FACTOR = "Swap the last two axes of the other factor; sum over batch axes that were stretched."
COLUMN = "Give v the axis that the vector lost, as a row or a column; drop it again at the end."
READ = "Start from zeros of x's shape and add the gradient where x was read: see np.add.at."
BACK = "Put the axes that were reduced back with length 1, then broadcast to the shape of x."
PEAK = "Only elements equal to the maximum get a gradient; if there are several, they share it."
OUTPUT = "The slope can be written with the output alone: try it on paper."
FORMULA = "Differentiate the formula that your forward computes; both factors depend on x."
ALONG = "Every output depends on every input along dim, not only on its own."
MASK = "Keep the mask of the forward call, with its scale, and use it again."
MEAN = "Differentiate on paper; the mean brings the number of elements, or of samples."
add = gradient("add", "a, b", "a + b", pair, STRETCHED)
subtract = gradient("subtract", "a, b", "a - b", pair, f"b counts negative. {STRETCHED}")
multiply = gradient("multiply", "a, b", "a * b", pair, f"The slope of a is b. {STRETCHED}")
divide = gradient("divide", "a, b", "a / b", pair, f"Differentiate by b, too. {STRETCHED}")
numbers = gradient("numbers", "x", "((x + 2) * 3 - 1) / 4", single, "Numbers are constants.")
reuse = gradient("reuse", "x", "x * x + x", single, "Add the contributions of all uses.")
matmul = gradient("matmul", "a, b", "a @ b", lambda draw: factors(draw, "mk,kn"), FACTOR)
BATCHES = ("bmk,bkn", "bmk,kn", "mk,bkn", "b1mk,ckn")
VECTORS = ("k,k", "mk,k", "k,kn", "bmk,k")
matmul_of_batches = gradient(
    "matmul_of_batches", "a, b", "a @ b", lambda draw: factors(draw, *BATCHES), FACTOR
)
matmul_of_vectors = gradient(
    "matmul_of_vectors", "a, b", "a @ b", lambda draw: factors(draw, *VECTORS), COLUMN
)
reshape = gradient("reshape", "x, axes", "x.reshape(*v.shape)", dims, "Restore the shape of x.")
transpose = gradient("transpose", "x, axes", "x.transpose(*axes)", dims, "Swap the axes back.")
index = gradient("index", "x, start, key", "x[start:, key]", places, READ)
index_repeated = gradient("index_repeated", "x, rows", "x[rows]", repeated, READ)
REDUCED = "x, axis, keepdims"
OVER = "(axis=as_axis(axis), keepdims=keepdims)"
sum_ = gradient("sum", REDUCED, f"x.sum{OVER}", reduction, BACK)
mean = gradient("mean", REDUCED, f"x.mean{OVER}", reduction, BACK)
max_ = gradient("max", REDUCED, f"x.max{OVER}", reduction, PEAK, view=add_up_shares)
relu = gradient("relu", "x", "api.ReLU()(x)", single, "It passes where x is positive.")
sigmoid = gradient("sigmoid", "x", "api.Sigmoid()(x)", single, OUTPUT)
tanh = gradient("tanh", "x", "api.Tanh()(x)", single, OUTPUT)
gelu = gradient("gelu", "x", "api.GELU()(x)", single, FORMULA, also=(exact_gelu,))
softmax = gradient("softmax", "x, dim", "api.Softmax()(x, dim=dim)", scores, ALONG)
log_softmax = gradient("log_softmax", "x, dim", "api.log_softmax(x, dim=dim)", scores, ALONG)
dropout = gradient("dropout", "x, p", "api.Dropout(p)(x)", kept, MASK, view=read_mask)
CE = "api.CrossEntropyLoss()(x, api.Tensor(ids))"
BCE = "api.BinaryCrossEntropyLoss()(x, api.Tensor(y))"
mse = gradient("mse", "x, y", "api.MSELoss()(x, api.Tensor(y))", probabilities, MEAN)
cross_entropy = gradient("cross_entropy", "x, ids", CE, logits, MEAN)
binary_cross_entropy = gradient("binary_cross_entropy", "x, y", BCE, probabilities, MEAN)


@check(inputs=batch, hint="If @ and + record, nothing is left to do here: use them in forward.")
def linear(api: Any, x: Any, w: Any, b: Any, v: Any) -> dict[str, Any]:
    """Linear passes gradients back to its input, its weight and its bias."""
    x, layer = api.Tensor(x, requires_grad=True), api.Linear(*w.shape)
    layer.weight.data[...], layer.bias.data[...] = w, b
    w, b = layer.weight, layer.bias
    (out := layer(x)).backward(v)
    return {"Linear(x)": out, "grad of x": grad(x), "grad of w": grad(w), "grad of b": grad(b)}


@check(inputs=single, hint="Patch only once, or every operation is recorded twice.")
def enable_autograd_again(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """enable_autograd() changes nothing when it is called again."""
    api.enable_autograd()
    x = api.Tensor(x, requires_grad=True)
    (out := x * x).backward(v)
    return {"x * x": out, "grad of x": grad(x)}


@check(inputs=single, hint="Visit each tensor once, after all that were computed from it.")
def nested_diamonds(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Paths that part and meet again, 40 times in a row, give the right gradient at once."""
    x = out = api.Tensor(x, requires_grad=True)
    for _ in range(40):
        out = out * 0.5 * 0.5 + out * 0.75
    out.backward(v)
    return {"output": out, "grad of x": grad(x)}


@check(inputs=single, hint="Find the order with a loop and a list of your own.", examples=3)
def long_chain(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """A chain of 5,000 operations does not hit the recursion limit."""
    x = out = api.Tensor(x, requires_grad=True)
    for _ in range(2500):
        out = (out + 1) * -1
    out.backward(v)
    return {"output": out, "grad of x": grad(x)}


@check(inputs=single, hint="Add to grad where there is one; zeros are a gradient too.")
def accumulates(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """A second backward() adds to grad, and zero_grad() starts afresh."""
    x = api.Tensor(x, requires_grad=True)
    (out := x * 3 * x).backward(v)
    out.backward(v)
    twice = grad(x)
    x.zero_grad()
    out.backward(np.zeros_like(v))
    return {"x * 3 * x": out, "grad of x": twice, "grad of x, afresh, for zeros": grad(x)}


@check(inputs=single, hint="What the first call left on tensors in between must not count again.")
def shared_part(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """backward() of two results that share a part adds up the gradients of both."""
    x = api.Tensor(x, requires_grad=True)
    part = x * 2
    (part * 3).backward(v)
    (out := part * part).backward(v)
    return {"part * part": out, "grad of x": grad(x)}


@check(inputs=pair, hint="Ask every operand whether it requires a gradient.")
def none_unasked(api: Any, a: Any, b: Any, v: Any) -> dict[str, Any]:
    """A tensor that does not require a gradient keeps grad None."""
    a, b = api.Tensor(a, requires_grad=True), api.Tensor(b)
    (out := a / b).backward(v)
    return {"a / b": out, "grad of a": grad(a), "b.grad": grad(b)}


@check(inputs=single, hint="-=, *= and x[...] = write into an array that is not yours: copy it.")
def changes_nothing_else(api: Any, x: Any, v: Any) -> dict[str, Any]:
    """Neither an operation nor backward() changes the data of x or the v it was given."""
    t = api.Tensor(x, requires_grad=True)
    for out in (t + t, t - t, t * t, t / t, api.ReLU()(t), t.reshape(*t.shape)):
        out.backward(v)
    return {"x afterwards": t, "grad of x": grad(t), "v afterwards": v}


@check(inputs=pair, hint="Where the gradient passes unchanged, as for +, hand on a copy of it.")
def own_gradients(api: Any, a: Any, b: Any, v: Any) -> dict[str, Any]:
    """The gradients of two tensors share no memory."""
    a, b = api.Tensor(a, requires_grad=True), api.Tensor(b, requires_grad=True)
    (out := a + b).backward(v)
    a.grad *= 2
    return {"a + b": out, "grad of a, doubled in place": grad(a), "grad of b": grad(b)}


def runtime_error(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """Answer with the other exception that the contract accepts."""
    return {**starts_from_one.scenario(api, a, b), "t.backward()": Raised("RuntimeError", (), "")}


@check(
    inputs=lambda draw: {"a": draw.grid((2, 2)), "b": draw.grid((2, 2))},
    hint="Only for a scalar is it clear what to start from: 1.",
    also=(runtime_error,),
)
def starts_from_one(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """backward() alone starts from 1 for a scalar and is refused for any other tensor."""
    a = api.Tensor(a, requires_grad=True)
    t = a * api.Tensor(b)
    (total := t.sum()).backward()
    return {"t.sum()": total, "grad of a": grad(a), "t.backward()": raised(t.backward)}
