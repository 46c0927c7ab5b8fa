"""Module 05, autograd: gradients of any computation, by reverse-mode differentiation.

Every operation remembers its inputs and how to send a gradient back to them. `loss.backward()` then
walks from the loss to the leaves, applying the chain rule at each operation (Baydin et al. 2018).

May use: modules 01 to 04, and you may edit them: they are graded again as they are now.
Grade it: `nox -s check -- 05`
Start with: the gradient of `a + b` for equal shapes and a `backward` that handles it alone. Then
`*`, then broadcasting, then one operation after the other.

Two designs, both right; choose one
-----------------------------------
Native: `tensor.py` itself records. Every operation gives its result the inputs and a function that
sends the gradient back, and Tensor has `backward` and `zero_grad`. The activations and losses do
the same. Recording is then always on, and `enable_autograd()` has nothing left to do. What records
has to live in `tensor.py`: this file imports that one, so that one cannot import this one.
Patched: modules 01 to 04 stay as they are. `enable_autograd()`, called at the end of this module,
replaces methods on the classes (Tensor, ReLU, ...) by ones that compute as before and also record.
Replace them on the class: modules that already imported Tensor must see the change. The second call
must do nothing, or every operation is recorded twice. `log_softmax` is a plain function, which
others may have imported already, so replacing it comes too late: let it record by itself.

Whichever you choose, recording is on once this module is imported or `enable_autograd()` was
called.

What Tensor gains
-----------------
`backward(gradient=None)` adds d(self)/d(leaf), weighted by `gradient`, to the `grad` of every leaf
it was computed from that has `requires_grad=True`.
- gradient: an ndarray or a Tensor of the shape of self. A tensor with one element may leave it out
  and starts from 1; a larger one that leaves it out gets a ValueError or a RuntimeError.
- `grad` is a float32 ndarray of exactly the shape of `data` (a Tensor holding one is accepted).
`zero_grad()` resets the tensor's `grad`, to None or to zeros.

What must hold
--------------
- A result requires a gradient if any of its inputs does. A tensor that does not require one keeps
  `grad is None`; numbers and plain arrays are constants. Whether intermediate results keep a
  gradient is up to you.
- A tensor used k times receives k contributions: for `x * x + x` the gradient is 2x + 1.
- Two `backward()` calls accumulate: the second adds to the first, also through the same graph. If
  intermediate results keep gradients, the second call must not send the first one's again.
- Order: an operation passes its gradient on only after all contributions to it have arrived, so
  visit the graph in reverse topological order, each node once. A diamond y = f(x) + g(x), repeated
  40 times, must finish at once; following every path separately takes 2**40 steps.
- Easy to get wrong: depth. A chain of 5,000 operations must work. Python allows about 1,000 nested
  calls, so find the order with a loop and a list of your own, not with recursion, and leave the
  recursion limit alone.
- No aliasing: `a.grad` and `b.grad` after `(a + b).backward(v)` are separate arrays, and the
  caller's `v` is as it was. Nothing ever changes the `data` of an input.

The gradient rules
------------------
g is the gradient that arrives at the result; it has the result's shape.

Broadcasting. If an input was broadcast to the result's shape, every copy of an element contributes:
sum over the axes that were added in front or broadcast from size 1, back to the input's own shape.
Example: a (2, 3) plus b (3,): b's gradient is g summed over axis 0. Both sides may be broadcast,
(2, 1) with (1, 3), and a 0-D tensor too. This goes for + - * / and for matmul's batch axes.

    a + b       a: g           b: g
    a - b       a: g           b: -g
    a * b       a: g * b       b: g * a
    a / b       a: g / b       b: -g * a / b**2
    A @ B       A: g @ transpose(B)     B: transpose(A) @ g     (Giles 2008)

matmul. `transpose` swaps the last two axes. Batches: the same rule for each matrix of the batch,
then sum over batch axes that were broadcast, as when (b, m, n) meets (n, p).
Easy to get wrong: 1-D operands. On the left it is a row (1, n), on the right a column (n, 1); give
g the same axis, use the rule, and drop the axis again. So for x (n,) @ y (n,) the gradients are
g * y and g * x, and for A (m, n) @ y (n,) that of A has the entries g[i] * y[j].

    reshape     g in the shape of the input
    transpose   g with the same two axes swapped again
    a[key]      zeros of the input's shape, with g added at the places key names. Easy to get wrong:
                if key names a place twice, as a[[0, 0]] does, both parts of g are added there
    sum         each input element gets the g of the sum it went into, for every axis and keepdims.
                Easy to get wrong: without keepdims, g lacks the summed axes
    mean        as sum, divided by the number of elements averaged. Easy to forget
    max         only the largest element gets g. If several are equally large, share g among them as
                you like (all to the first, or evenly), as long as the shares sum to g. Easy to
                forget

Activations, Dropout, log_softmax and the three losses: the rule stands beside each `forward` in
modules 02 to 04. Softmax and log_softmax need it for any `dim`. Linear needs nothing of its own.

How to find a mistake: compare with (L(x + h*u) - L(x - h*u)) / (2*h) for a small h (1/64 suits
float32) and some direction u; it should be close to the sum of grad * u. Use an L that weights
every output element differently: a plain `sum` hides a forgotten g and a missing transpose.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from .tensor import Tensor


class Function:
    """One recorded operation: an optional base class for the operations you record.

    The checks do not need it. If you like the idea, write one subclass per operation
    (`AddBackward`, `MatmulBackward`, ...), and let a result keep the instance that made it.
    """

    saved_tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        """Keep the inputs of the operation, in order, as `saved_tensors`."""
        raise NotImplementedError("Module 05: implement Function.__init__ in student/autograd.py")

    def apply(self, grad_output: NDArray[Any]) -> tuple[NDArray[Any] | None, ...]:
        """Return the gradient for each input; each operation has its own rule.

        Args:
            grad_output: the gradient of the result, in the result's shape.

        Returns:
            one array per saved tensor, in that tensor's shape; None for one that requires none.

        The base class has no rule, so raising NotImplementedError is right here.
        """
        raise NotImplementedError("Module 05: implement Function.apply in student/autograd.py")


def enable_autograd() -> None:
    """Turn recording on; a second call changes nothing.

    Patched design: give Tensor `backward` and `zero_grad`, and replace the operations listed above
    by recording ones. Native design: everything is in place already, so return without doing
    anything. Call it at the end of this module once it is written.
    """
    raise NotImplementedError("Module 05: implement enable_autograd in student/autograd.py")
