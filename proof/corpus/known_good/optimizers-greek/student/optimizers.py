"""Modul 06: die Formeln wie im Buch, mit griechischen Buchstaben; je Regel eine Funktion (Closure)."""

import numpy as np

from .tensor import as_array


class Optimizer:
    """Geht die Parameter durch; `regel` macht aus Parameter und Gradient den neuen Wert."""

    def __init__(self, params, regel=None):
        self.params = list(params)
        for nummer, θ in enumerate(self.params):
            if θ.requires_grad is False:
                raise ValueError(f"Parameter {nummer} braucht requires_grad=True")
        self.regel = regel
        self.gedächtnis = [None for _ in self.params]
        self.step_count = 0

    def zero_grad(self):
        for θ in self.params:
            θ.grad = None

    def step(self):
        self.step_count = self.step_count + 1
        for nummer, θ in enumerate(self.params):
            if θ.grad is not None:
                g = as_array(θ.grad)
                neu, self.gedächtnis[nummer] = self.regel(θ.data, g, self.gedächtnis[nummer])
                θ.data = neu.astype(np.float32)

    def state(self):
        return {"Schritte": self.step_count, "Gedächtnis": self.gedächtnis, "η": self.lr}

    def load_state(self, zustand):
        self.step_count = zustand["Schritte"]
        self.gedächtnis = zustand["Gedächtnis"]
        self.lr = zustand["η"]


class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        μ, λ = momentum, weight_decay

        def regel(θ, g, v):
            g = g + λ * θ
            v = g if v is None else μ * v + g
            return θ - self.lr * v, v

        super().__init__(params, regel)
        self.lr = lr


def adam_schritt(self, β, ε, θ, g, gedächtnis):
    """Ein Schritt von Adam; das Gedächtnis ist das Paar (m, v)."""
    m, v = gedächtnis or (np.zeros_like(θ), np.zeros_like(θ))
    m = m + (1 - β[0]) * (g - m)
    v = v + (1 - β[1]) * (g * g - v)
    m̂ = m / (1 - β[0] ** self.step_count)
    v̂ = v / (1 - β[1] ** self.step_count)
    return θ - self.lr * m̂ / (v̂**0.5 + ε), (m, v)


class Adam(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        def regel(θ, g, gedächtnis):
            return adam_schritt(self, betas, eps, θ, g + weight_decay * θ, gedächtnis)

        super().__init__(params, regel)
        self.lr = lr


class AdamW(Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        def regel(θ, g, gedächtnis):
            # Der Zerfall und der Schritt gehen beide vom alten Wert aus: er wird nur abgezogen.
            neu, gedächtnis = adam_schritt(self, betas, eps, θ, g, gedächtnis)
            return neu - self.lr * weight_decay * θ, gedächtnis

        super().__init__(params, regel)
        self.lr = lr
