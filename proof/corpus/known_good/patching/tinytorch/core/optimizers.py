"""Module 06: optimizers, with the letters of the papers."""

import numpy as np

from tinytorch.core.autograd import enable_autograd
from tinytorch.core.tensor import Tensor

__all__ = ["Optimizer", "SGD", "Adam", "AdamW"]

enable_autograd()


class Optimizer:
    """Holds the parameters θ and counts the steps t."""

    def __init__(self, params):
        params = list(params)
        for i, param in enumerate(params):
            if not isinstance(param, Tensor):
                raise TypeError(f"parameter {i} is not a Tensor")
            if not param.requires_grad:
                raise ValueError(f"parameter {i} does not require a gradient")
        self.params = params
        self.step_count = 0

    def zero_grad(self):
        for param in self.params:
            param.grad = None

    def step(self):
        raise NotImplementedError

    def _zeros(self):
        return [np.zeros_like(param.data) for param in self.params]

    def _moving(self):
        """Index, parameter and gradient array wherever there is a gradient."""
        for i, param in enumerate(self.params):
            if param.grad is not None:
                grad = param.grad.data if isinstance(param.grad, Tensor) else param.grad
                yield i, param, grad


def _assign(param, values):
    """A float64 learning rate must not turn the parameter into float64."""
    param.data = np.asarray(values, dtype=np.float32)


class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.momentum_buffers = self._zeros()

    def step(self):
        for i, param, grad in self._moving():
            if self.weight_decay != 0:
                grad = grad + self.weight_decay * param.data
            self.momentum_buffers[i] = self.momentum * self.momentum_buffers[i] + grad
            _assign(param, param.data - self.lr * self.momentum_buffers[i])
        self.step_count += 1


class Adam(Optimizer):
    """Kingma and Ba (2015), algorithm 1."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.m_buffers = self._zeros()
        self.v_buffers = self._zeros()

    def _direction(self, i, grad):
        """m̂ / (√v̂ + ε), after the moments have taken the gradient in."""
        β1, β2, t = self.beta1, self.beta2, self.step_count
        self.m_buffers[i] = β1 * self.m_buffers[i] + (1 - β1) * grad
        self.v_buffers[i] = β2 * self.v_buffers[i] + (1 - β2) * grad**2
        mean = self.m_buffers[i] / (1 - β1**t)
        spread = np.sqrt(self.v_buffers[i] / (1 - β2**t))
        return mean / (spread + self.eps)

    def step(self):
        self.step_count += 1
        for i, param, grad in self._moving():
            if self.weight_decay != 0:
                grad = grad + self.weight_decay * param.data
            _assign(param, param.data - self.lr * self._direction(i, grad))


class AdamW(Adam):
    """Loshchilov and Hutter (2019): θ shrinks by η·λ before the step."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, betas, eps, weight_decay)

    def step(self):
        self.step_count += 1
        for i, param, grad in self._moving():
            θ = param.data * (1 - self.lr * self.weight_decay)
            _assign(param, θ - self.lr * self._direction(i, grad))
