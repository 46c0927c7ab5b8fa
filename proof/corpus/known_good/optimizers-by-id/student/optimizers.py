"""Module 06: state in dictionaries by id(param), made at the first step; parameters change in place."""

import numpy as np

from .tensor import as_array


class Optimizer:
    def __init__(self, params):
        self.params = []
        for param in params:
            if not param.requires_grad:
                raise ValueError("cannot optimize a tensor with requires_grad=False")
            self.params.append(param)
        self.step_count = 0
        self.memory = {}  # id of a parameter -> name -> array

    def zero_grad(self):
        for param in self.params:
            if param.grad is not None:
                param.grad = np.zeros(param.shape, dtype=np.float32)

    def remembered(self, param, name):
        """An array of zeros the first time, afterwards always the same array."""
        shelf = self.memory.setdefault(id(param), {})
        if name not in shelf:
            shelf[name] = np.zeros(param.shape, dtype=np.float32)
        return shelf[name]

    def with_gradient(self):
        return [param for param in self.params if param.grad is not None]

    def state(self):
        """For checkpoints: an id means nothing in the next run, a position does."""
        settings = {k: v for k, v in vars(self).items() if k not in ("params", "memory")}
        memory = [self.memory.get(id(param), {}) for param in self.params]
        return {"settings": settings, "memory": memory}

    def load_state(self, state):
        vars(self).update(state["settings"])
        self.memory = {id(p): shelf for p, shelf in zip(self.params, state["memory"])}


class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay

    def step(self):
        for param in self.with_gradient():
            direction = np.array(as_array(param.grad))  # a copy: the gradient stays as it is
            direction += self.weight_decay * param.data
            if self.momentum:
                velocity = self.remembered(param, "velocity")
                velocity *= self.momentum
                velocity += direction
                direction = velocity
            param.data -= self.lr * direction
        self.step_count += 1


class Adam(Optimizer):
    decoupled = False

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    def step(self):
        self.step_count += 1
        for param in self.with_gradient():
            gradient = np.array(as_array(param.grad))
            if self.weight_decay and not self.decoupled:
                gradient += self.weight_decay * param.data
            param.data -= self.lr * self.smoothed(param, gradient)
            if self.weight_decay and self.decoupled:
                param.data *= 1 - self.lr * self.weight_decay

    def smoothed(self, param, gradient):
        answer = []
        for beta, name, value in zip(self.betas, ("mean", "square"), (gradient, gradient**2)):
            average = self.remembered(param, name)
            average += (1 - beta) * (value - average)
            answer.append(average / (1 - beta**self.step_count))
        mean, square = answer
        return mean / (np.sqrt(square) + self.eps)


class AdamW(Adam):
    """The decay comes after the step and never touches the averages."""

    decoupled = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, betas, eps, weight_decay)
