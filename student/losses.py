"""Module 04, losses: one number that says how wrong the predictions are.

May use: modules 01 to 03.
Grade it: `nox -s check -- 04`
Start with: `MSELoss.forward` and its `__call__`, then `log_softmax`, which CrossEntropyLoss needs.

Every loss is an object called as `loss_fn(predictions, targets)` and returns a Tensor of shape ().
`log` is the natural logarithm throughout. Only forward values are graded here; the gradients belong
to module 05 and are given below, g being the gradient that arrives from above. Targets need none.
"""

from __future__ import annotations

from .tensor import Tensor


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """Return log(softmax(x)) along `dim`, without ever computing the softmax.

    Args:
        x: scores (logits) of any shape with at least one axis.
        dim: any axis of x; negatives count from the end.

    Returns:
        the shape of x, every value at most 0, with exp of it summing to 1 along `dim`.

    log softmax(x)_i = (x_i - m) - log(sum over j of exp(x_j - m)), m being the maximum along `dim`.
    This is the log-sum-exp rule (Goodfellow et al. 2016, section 4.1): the largest exponential is
    exactly 1, so nothing overflows and the sum is never 0. Taking the log of a softmax instead
    gives -inf as soon as a probability rounds to 0.

    Example: [0, 0] gives [-0.6931, -0.6931]; [0, 1000] gives [-1000, 0].
    Gradient: g - softmax(x) * (sum of g along `dim`).
    """
    raise NotImplementedError("Module 04: implement log_softmax in student/losses.py")


class MSELoss:
    """Mean squared error, for predicting numbers."""

    def __call__(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return what `forward(predictions, targets)` returns."""
        raise NotImplementedError("Module 04: implement MSELoss.__call__ in student/losses.py")

    def forward(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the mean of (predictions - targets)**2 over all elements, shape ().

        Args:
            predictions: any shape.
            targets: the same shape.

        All elements means all axes: for shape (N, D), divide by N * D, not by N.

        Example: predictions [[1, 2]], targets [[0, 4]] give (1 + 4) / 2 = 2.5.
        Gradient to the predictions: g * 2 * (predictions - targets) / number of elements.
        """
        raise NotImplementedError("Module 04: implement MSELoss.forward in student/losses.py")


class CrossEntropyLoss:
    """Cross-entropy of class scores, for choosing one class out of C."""

    def __call__(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return what `forward(logits, targets)` returns."""
        raise NotImplementedError(
            "Module 04: implement CrossEntropyLoss.__call__ in student/losses.py"
        )

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the mean over the N samples of -log softmax(logits)[n, targets[n]], shape ().

        Args:
            logits: shape (N, C), raw scores: do not apply a softmax before.
            targets: shape (N,), class ids from 0 to C - 1. A Tensor holds float32, so the ids
                arrive as 0.0, 1.0, ... and have to become integers before they can index.

        Must be right for logits up to 1e4 in size: build it on `log_softmax`.

        Example: logits [[0, 0], [0, log 3]], targets [0, 1] give (0.6931 + 0.2877) / 2 = 0.4904.
        Gradient to the logits: g * (softmax(logits) - onehot(targets)) / N, where onehot has a 1
        at each sample's class and 0 elsewhere (Bishop 2006, section 4.3.4).
        """
        raise NotImplementedError(
            "Module 04: implement CrossEntropyLoss.forward in student/losses.py"
        )


class BinaryCrossEntropyLoss:
    """Cross-entropy of probabilities, for yes-or-no answers."""

    def __call__(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return what `forward(predictions, targets)` returns."""
        raise NotImplementedError(
            "Module 04: implement BinaryCrossEntropyLoss.__call__ in student/losses.py"
        )

    def forward(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the mean of -(y * log(p) + (1 - y) * log(1 - p)) over all elements, shape ().

        Args:
            predictions: p, probabilities in [0, 1], any shape; usually what a Sigmoid returned.
            targets: y, the same shape, 0 or 1.

        Clip p to [1e-7, 1 - 1e-7] first, so that p = 0 and p = 1 give a large finite loss instead
        of infinity. Any margin up to 1e-6 is accepted, but 0 is not.

        Example: p = [0.5, 0.75], y = [1, 1] give (0.6931 + 0.2877) / 2 = 0.4904.
        Gradient to the predictions: g * (p - y) / (p * (1 - p)) / number of elements.
        """
        raise NotImplementedError(
            "Module 04: implement BinaryCrossEntropyLoss.forward in student/losses.py"
        )
