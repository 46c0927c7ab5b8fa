"""Module 04: losses, forward only; module 05 adds their gradients."""

import numpy as np

from tinytorch.core.tensor import Tensor

__all__ = ["log_softmax", "MSELoss", "CrossEntropyLoss", "BinaryCrossEntropyLoss"]

EPSILON = 1e-7


class LogSoftmax:
    """A class behind the function, so that module 05 has something to replace."""

    def forward(self, x, dim=-1):
        shifted = x.data - np.max(x.data, axis=dim, keepdims=True)
        total = np.sum(np.exp(shifted), axis=dim, keepdims=True)
        return Tensor(shifted - np.log(total))


def log_softmax(x, dim=-1):
    return LogSoftmax().forward(x, dim)


class MSELoss:
    def forward(self, predictions, targets):
        return Tensor(np.mean((predictions.data - targets.data) ** 2))

    def __call__(self, predictions, targets):
        return self.forward(predictions, targets)


class CrossEntropyLoss:
    def forward(self, logits, targets):
        if len(logits.shape) != 2:
            raise ValueError(f"logits must have two axes (N, C), got {logits.shape}")
        log_probabilities = log_softmax(logits, dim=-1).data
        rows = np.arange(logits.shape[0])
        return Tensor(-np.mean(log_probabilities[rows, targets.data.astype(int)]))

    def __call__(self, logits, targets):
        return self.forward(logits, targets)


class BinaryCrossEntropyLoss:
    def forward(self, predictions, targets):
        p = np.clip(predictions.data, EPSILON, 1 - EPSILON)
        y = targets.data
        return Tensor(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

    def __call__(self, predictions, targets):
        return self.forward(predictions, targets)
