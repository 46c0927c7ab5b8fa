"""Module 02, built from the Tensor's own operations wherever it can; ReLU has slope 1 at 0."""
import numpy as np

from .tensor import Tensor


class Block:
    __slots__ = ("__dict__",)
    training = True
    def forward(self, x): raise NotImplementedError
    def __call__(self, *a, **k): return self.forward(*a, **k)
    def parameters(self): return list()


class Sigmoid(Block):
    def forward(self, x):
        z = np.exp(-np.abs(x.data))
        y = np.where(x.data < 0, z, 1) / (1 + z)
        return Tensor.from_op(y, (x, lambda g: g * z / (1 + z) ** 2))


class ReLU(Block):
    def forward(self, x):
        return x * (x.data >= 0)


class Tanh(Block):
    def forward(self, x):
        return Sigmoid()(x * 2) * 2 - 1


class GELU(Block):
    def forward(self, x):
        s = Sigmoid()(x * 1.702).data
        return Tensor.from_op(x.data * s, (x, lambda g: g * s * (1 + 1.702 * x.data * (1 - s))))


class Softmax(Block):
    def forward(self, x, dim=-1):
        e = (x - x.data.max(axis=dim, keepdims=True)).exp()
        return e / e.sum(axis=dim, keepdims=True)
