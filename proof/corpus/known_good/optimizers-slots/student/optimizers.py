"""Module 06: one small rule object per parameter, in float64; corrections folded into the rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .tensor import Tensor, as_array


@dataclass(slots=True)
class Momentum:
    """v = mu v + g, where g holds the decay."""

    velocity: np.ndarray | float = 0.0

    def move(self, settings: "SGD", value: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        kept = settings.momentum * self.velocity
        self.velocity = kept + gradient + settings.weight_decay * value
        # The same as value - lr * velocity, with the decay taken out of the bracket.
        shrunk = value * (1.0 - settings.lr * settings.weight_decay)
        return shrunk - settings.lr * (kept + gradient)


@dataclass(slots=True)
class Moments:
    m: np.ndarray | float = 0.0
    v: np.ndarray | float = 0.0

    def move(self, settings: "Adam", value: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        b1, b2 = settings.betas
        self.m = b1 * self.m + (1 - b1) * gradient
        self.v = b2 * self.v + (1 - b2) * np.square(gradient)
        t = settings.step_count
        # Kingma and Ba, end of section 2: both corrections in the step size. eps shrinks along.
        root = np.sqrt(1 - b2**t)
        rate = settings.lr * root / (1 - b1**t)
        return value - rate * self.m / (np.sqrt(self.v) + settings.eps * root)


class Optimizer:
    lr: float

    def __init__(self, params):
        self.params = list(params)
        if any(not p.requires_grad for p in self.params):
            raise ValueError("all parameters must require gradients")
        self.step_count = 0
        self.rules = [type(self).new_rule() for _ in self.params]

    new_rule = object  # a subclass names the class of its rules here

    def zero_grad(self) -> None:
        for p in self.params:
            if isinstance(p.grad, np.ndarray):
                p.grad = np.zeros_like(p.grad)
            elif isinstance(p.grad, Tensor):
                p.grad = Tensor(np.zeros(p.shape))

    def step(self) -> None:
        self.step_count += 1
        for p, rule in zip(self.params, self.rules):
            if p.grad is None:
                continue
            new = self.update(rule, p.data.astype(np.float64), np.float64(as_array(p.grad)))
            p.data = np.asarray(new, dtype=np.float32)

    def update(self, rule, value, gradient):
        return rule.move(self, value, gradient)

    def state(self) -> dict:
        return {name: thing for name, thing in self.__dict__.items() if name != "params"}

    def load_state(self, state: dict) -> None:
        self.__dict__.update(state)


class SGD(Optimizer):
    new_rule = Momentum

    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params)
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay


class Adam(Optimizer):
    new_rule = Moments

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay

    def update(self, rule, value, gradient):
        return super().update(rule, value, gradient + self.weight_decay * value)


class AdamW(Optimizer):
    new_rule = Moments

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(params)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay

    def update(self, rule, value, gradient):
        return super().update(rule, value - self.lr * self.weight_decay * value, gradient)
