"""06 Optimizers: rules that move parameters against their gradients.

An update assigns a new array to `param.data`, so graphs recorded before it stay valid.
"""

from __future__ import annotations

from collections import abc
from typing import Any

import numpy as np

from .tensor import Array, Tensor, as_array


class Optimizer:
    """The loop over parameters that all rules share; a rule defines `update`."""

    lr: float

    def __init__(self, params: abc.Iterable[Tensor]) -> None:
        """Keep the parameters, all of which must require grad."""
        self.params = list(params)
        if not all(param.requires_grad for param in self.params):
            raise ValueError("every parameter given to an optimizer must have requires_grad=True")
        self.step_count = 0

    def zero_grad(self) -> None:
        """Set every gradient to None."""
        for param in self.params:
            param.grad = None

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        self.step_count += 1
        for index, param in enumerate(self.params):
            if param.grad is not None:
                self.update(index, param, as_array(param.grad))

    def update(self, index: int, param: Tensor, gradient: Array) -> None:
        """Move one parameter, the one at `index` of the list."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """Return all that must be saved to continue later: everything but the parameters."""
        return {name: value for name, value in vars(self).items() if name != "params"}

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue from what `state` returned."""
        vars(self).update(state)

    def _zeros(self) -> list[Array]:
        return [np.zeros_like(param.data) for param in self.params]


class SGD(Optimizer):
    """Gradient descent with momentum (Polyak, 1964): v = mu v + g, p -= lr v."""

    def __init__(
        self,
        params: abc.Iterable[Tensor],
        lr: float = 0.01,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        """Start with velocities of zero."""
        super().__init__(params)
        self.lr = lr
        self.weight_decay = weight_decay
        self.momentum = momentum
        self.velocity = self._zeros()

    def update(self, index: int, param: Tensor, gradient: Array) -> None:
        """Let the gradient and the decay accelerate the velocity, and the velocity move."""
        gradient = gradient + self.weight_decay * param.data
        self.velocity[index] = self.momentum * self.velocity[index] + gradient
        param.data = param.data - self.lr * self.velocity[index]


class Adam(Optimizer):
    """Steps scaled by running moments of the gradient (Kingma and Ba, 2015); decay is coupled."""

    def __init__(
        self,
        params: abc.Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        """Start with moments of zero."""
        super().__init__(params)
        self.lr = lr
        self.weight_decay = weight_decay
        self.betas = betas
        self.eps = eps
        self.first_moment = self._zeros()
        self.second_moment = self._zeros()

    def update(self, index: int, param: Tensor, gradient: Array) -> None:
        """Add the decay to the gradient, so that it enters the moments."""
        self._adam_step(index, param, gradient + self.weight_decay * param.data)

    def _adam_step(self, index: int, param: Tensor, gradient: Array) -> None:
        beta1, beta2 = self.betas
        first = beta1 * self.first_moment[index] + (1 - beta1) * gradient
        second = beta2 * self.second_moment[index] + (1 - beta2) * gradient * gradient
        self.first_moment[index], self.second_moment[index] = first, second
        # Moments that start at zero are too small at first: divide by what has arrived so far.
        mean = first / (1 - beta1**self.step_count)
        square = second / (1 - beta2**self.step_count)
        param.data = param.data - self.lr * mean / (np.sqrt(square) + self.eps)


class AdamW(Adam):
    """Adam whose decay bypasses the moments (Loshchilov and Hutter, 2019): p *= 1 - lr wd."""

    def __init__(
        self,
        params: abc.Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """Differ from Adam in the default decay too."""
        super().__init__(params, lr, betas, eps, weight_decay)

    def update(self, index: int, param: Tensor, gradient: Array) -> None:
        """Shrink the parameter first, then step."""
        param.data = param.data * (1 - self.lr * self.weight_decay)
        self._adam_step(index, param, gradient)
