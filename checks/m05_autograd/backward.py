"""Backward itself: order, accumulation, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import Raised, check, grad, raised

from . import cases


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
