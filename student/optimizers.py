"""Module 06, optimizers: from gradients to better parameters.

May use: modules 01 to 05.
Grade it: `nox -s check -- 06`
Start with: `Optimizer.__init__`, then `SGD.step` without momentum or weight decay.

In the formulas p is a parameter's values, g its gradient, lr the learning rate and wd the weight
decay. What holds for every `step()`:

- The new values show in `param.data`, as float32 of the same shape; changing the array or replacing
  it are both fine. The parameter stays the same Tensor.
- A parameter whose `grad` is None is skipped: no update, no weight decay.
- `param.grad` is an ndarray of the parameter's shape. It may have been put there by hand, without
  any `backward()`. It is the same after the step as before: compute with a copy.
- `step_count` goes up by one.
- `lr` is read at every step, because a schedule changes it between steps (module 07).

Each parameter has buffers of its own, which start at zero; create them at once or at the first
step. How you name them is your business, but module 07 has to save and restore them.
"""

from __future__ import annotations

from collections.abc import Iterable

from .tensor import Tensor


class Optimizer:
    """What all optimizers share.

    Attributes:
        params: the parameters to train, a list of Tensors.
        lr: the learning rate; every subclass sets it.
        step_count: how many steps were made, an int starting at 0.
    """

    params: list[Tensor]
    lr: float
    step_count: int

    def __init__(self, params: Iterable[Tensor]) -> None:
        """Keep the parameters, in order, and start counting at 0.

        Args:
            params: what `model.parameters()` returned.

        Raises:
            ValueError: a parameter does not have `requires_grad=True`.
        """
        raise NotImplementedError(
            "Module 06: implement Optimizer.__init__ in student/optimizers.py"
        )

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to None or to zeros."""
        raise NotImplementedError(
            "Module 06: implement Optimizer.zero_grad in student/optimizers.py"
        )

    def step(self) -> None:
        """Update every parameter once; each optimizer has its own rule.

        The base class has no rule, so raising NotImplementedError is right here.
        """
        raise NotImplementedError("Module 06: implement Optimizer.step in student/optimizers.py")


class SGD(Optimizer):
    """Stochastic gradient descent (Robbins and Monro 1951) with momentum (Polyak 1964)."""

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.01,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        """Store the settings.

        Raises:
            ValueError: as for `Optimizer`.
        """
        raise NotImplementedError("Module 06: implement SGD.__init__ in student/optimizers.py")

    def step(self) -> None:
        """Update every parameter:

            g <- g + wd * p
            v <- momentum * v + g
            p <- p - lr * v

        v is the parameter's momentum buffer, zero at first. The learning rate stays outside v.

        Example: p = 1, g = 1 in two steps, lr = 0.1, momentum = 0.5: p becomes 0.9, then 0.75.
        """
        raise NotImplementedError("Module 06: implement SGD.step in student/optimizers.py")


class Adam(Optimizer):
    """Adaptive moment estimation (Kingma and Ba 2015)."""

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        """Store the settings.

        Raises:
            ValueError: as for `Optimizer`.
        """
        raise NotImplementedError("Module 06: implement Adam.__init__ in student/optimizers.py")

    def step(self) -> None:
        """Update every parameter, with (b1, b2) = betas:

            g <- g + wd * p                        weight decay is coupled: part of the gradient
            m <- b1 * m + (1 - b1) * g             first moment, zero at first
            v <- b2 * v + (1 - b2) * g**2          second moment, zero at first
            p <- p - lr * (m / (1 - b1**t)) / (sqrt(v / (1 - b2**t)) + eps)

        t is the number of this step: 1 in the first one. The two divisions by 1 - b**t correct the
        bias of moments that started at zero. eps stands outside the square root.

        Example: in the first step, without weight decay, p moves by almost exactly lr against the
        sign of g, be g 0.1 or 100, because m and sqrt(v), once corrected, are g and |g|.
        """
        raise NotImplementedError("Module 06: implement Adam.step in student/optimizers.py")


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019)."""

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """Store the settings. Note the default: AdamW decays, Adam does not.

        Raises:
            ValueError: as for `Optimizer`.
        """
        raise NotImplementedError("Module 06: implement AdamW.__init__ in student/optimizers.py")

    def step(self) -> None:
        """Update every parameter as Adam does without weight decay, and shrink it:

            p <- p * (1 - lr * wd)

        The decay touches only p, never g, m or v: that is what decoupled means. Doing it before or
        after Adam's update are both accepted.

        Example: p = 1, g = 1, lr = wd = 0.1: 0.89 if decay comes first, 0.891 if it comes last.
        """
        raise NotImplementedError("Module 06: implement AdamW.step in student/optimizers.py")
