"""Module 06: optimizers."""

import numpy as np

from .tensor import Tensor, as_array


class Optimizer:
    def __init__(self, params, lr, weight_decay):
        self.params = list(params)
        for param in self.params:
            if not param.requires_grad:
                raise ValueError("every parameter must have requires_grad=True")
        self.lr = lr
        self.weight_decay = weight_decay
        self.step_count = 0

    def zero_grad(self):
        for param in self.params:
            if param.grad is not None:
                param.grad = Tensor(np.zeros(param.shape))

    def step(self):
        self.step_count += 1
        for index, param in enumerate(self.params):
            if param.grad is not None:
                self.update(index, param, as_array(param.grad))

    def update(self, index, param, grad):
        raise NotImplementedError

    def buffers(self):
        """Everything a checkpoint must keep: dicts from parameter number to array."""
        return {}


class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.momentum = momentum
        self.velocity = {}  # filled when a parameter moves for the first time

    def update(self, index, param, grad):
        grad = grad + self.weight_decay * param.data
        if index in self.velocity:
            grad = self.momentum * self.velocity[index] + grad
        self.velocity[index] = grad
        param.data -= self.lr * grad

    def buffers(self):
        return {"velocity": self.velocity}


class Adam(Optimizer):
    """Kingma and Ba, 2015; the decay is part of the gradient."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.betas = betas
        self.eps = eps
        self.first = {}
        self.second = {}

    def update(self, index, param, grad):
        param.data -= self.adaptive_step(index, grad + self.weight_decay * param.data)

    def adaptive_step(self, index, grad):
        beta1, beta2 = self.betas
        self.first[index] = beta1 * self.first.get(index, 0.0) + (1 - beta1) * grad
        self.second[index] = beta2 * self.second.get(index, 0.0) + (1 - beta2) * grad * grad
        first = self.first[index] / (1 - beta1**self.step_count)
        second = self.second[index] / (1 - beta2**self.step_count)
        return self.lr * first / (np.sqrt(second) + self.eps)

    def buffers(self):
        return {"first": self.first, "second": self.second}


class AdamW(Adam):
    """Loshchilov and Hutter, 2019: the decay shrinks the weights, after the step."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, betas, eps, weight_decay)

    def update(self, index, param, grad):
        param.data -= self.adaptive_step(index, grad)
        param.data *= 1 - self.lr * self.weight_decay
