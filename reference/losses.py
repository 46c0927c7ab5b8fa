"""04 Losses: each a mean over the batch, as a scalar tensor."""

from __future__ import annotations

import numpy as np

from .tensor import Tensor


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """Logarithm of softmax along `dim`, finite however large the logits."""
    shifted = x.data - x.data.max(axis=dim, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))
    return Tensor.from_op(y, (x, lambda g: g - np.exp(y) * g.sum(axis=dim, keepdims=True)))


class Loss:
    """A scalar that tells how far a prediction is from its target."""

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Compute the loss."""
        raise NotImplementedError

    def __call__(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Call `forward`."""
        return self.forward(prediction, target)


class MSELoss(Loss):
    """Mean squared error."""

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Average the squared differences over all elements."""
        difference = prediction - target
        return (difference * difference).mean()


class CrossEntropyLoss(Loss):
    """Mean negative log-likelihood of the right class under softmax."""

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Compare logits (N, C) with class ids (N,)."""
        class_ids = target.data.real.astype(int)
        log_likelihood = log_softmax(prediction)[np.arange(len(class_ids)), class_ids]
        return -log_likelihood.mean()


class BinaryCrossEntropyLoss(Loss):
    """Mean negative log-likelihood of labels 0 and 1 under given probabilities."""

    EPSILON = 1e-7

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Compare probabilities with labels; beyond the clipping bounds the gradient is zero."""
        low, high = self.EPSILON, 1 - self.EPSILON
        inside = (prediction.data.real >= low) & (prediction.data.real <= high)
        clipped = np.clip(prediction.data, low, high)
        p = Tensor.from_op(clipped, (prediction, lambda g: g * inside))
        return -(target * p.log() + (1 - target) * (1 - p).log()).mean()
