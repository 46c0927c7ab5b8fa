"""Module 04: one formula per loss and one for its gradient, worked out on paper."""

import numpy as np

from .tensor import Tensor

EPS = 1e-6  # how close a probability may come to 0 or 1


def log_softmax(x, dim=-1):
    peak = np.max(x.data, axis=dim, keepdims=True)
    log_total = np.log(np.sum(np.exp(x.data - peak), axis=dim, keepdims=True)) + peak
    result = x.data - log_total
    softmax = np.exp(result)
    return Tensor.from_op(
        result, (x, lambda g: g - softmax * np.sum(g, axis=dim, keepdims=True))
    )


class MSELoss:
    """(1/n) sum (p - t)^2, with gradient (2/n) (p - t)."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        error = prediction.data - target.data
        n = error.size
        return Tensor.from_op(
            np.dot(error.ravel(), error.ravel()) / n,
            (prediction, lambda g: g * 2.0 / n * error),
            (target, lambda g: -g * 2.0 / n * error),
        )


class CrossEntropyLoss:
    """The gradient is the famous (softmax - one-hot) / N."""

    def __call__(self, logits, targets):
        return self.forward(logits, targets)

    def forward(self, logits, targets):
        n, classes = logits.shape
        one_hot = np.equal.outer(targets.data.astype(int), np.arange(classes))
        shifted = logits.data - logits.data.max(axis=1, keepdims=True)
        totals = np.exp(shifted).sum(axis=1, keepdims=True)
        loss = (np.log(totals)[:, 0] - shifted[one_hot]).sum() / n

        def to_logits(g):
            return g * (np.exp(shifted) / totals - one_hot) / n

        return Tensor.from_op(loss, (logits, to_logits))


class BinaryCrossEntropyLoss:
    """The gradient is (p - y) / (p (1 - p)) / n."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        y = target.data
        p = np.minimum(np.maximum(prediction.data, EPS), 1 - EPS)
        losses = np.where(y == 1, -np.log(p), np.where(y == 0, -np.log(1 - p), 0))
        soft = (y != 0) & (y != 1)  # labels in between are allowed as well
        losses = np.where(soft, -y * np.log(p) - (1 - y) * np.log(1 - p), losses)
        return Tensor.from_op(
            losses.mean(), (prediction, lambda g: g * (p - y) / (p * (1 - p)) / p.size)
        )
