"""Module 04 in float64, sample by sample, as a beginner reads the formulas aloud."""

import math

import numpy as np

from .tensor import Tensor

TINY = 1e-12


def log_softmax(x, dim=-1):
    # Step 1: bring the axis we work along to the end, and make a list of rows.
    moved = np.moveaxis(np.asarray(x.data, dtype=np.float64), dim, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    # Step 2: work out every row by itself.
    result = np.array([log_softmax_of_row(row) for row in rows])
    result = np.moveaxis(result.reshape(moved.shape), -1, dim)

    def backward(gradient):
        # Each score pulls on its own output and, through the sum, on all of them.
        share = np.exp(result)
        total = gradient.sum(axis=dim, keepdims=True)
        return (gradient - share * total).astype(np.float32)

    return Tensor.from_op(result.astype(np.float32), (x, backward))


def log_softmax_of_row(row):
    highest = max(row)
    total = sum(math.exp(score - highest) for score in row)
    return [score - highest - math.log(total) for score in row]


class Loss:
    def __call__(self, prediction, target):
        return self.forward(prediction, target)


class MSELoss(Loss):
    def forward(self, prediction, target):
        difference = prediction - target
        squares = difference**2
        return squares.sum() / squares.size


class CrossEntropyLoss(Loss):
    def forward(self, logits, targets):
        log_probabilities = log_softmax(logits)
        number_of_samples = len(targets.data)
        # Walk over the samples and add up how surprised we are by each.
        total_surprise = 0
        for sample in range(number_of_samples):
            right_class = int(targets.data[sample])
            total_surprise = total_surprise - log_probabilities[sample, right_class]
        return total_surprise / number_of_samples


class BinaryCrossEntropyLoss(Loss):
    def forward(self, prediction, target):
        p = prediction.data.astype(np.float64)
        y = target.data.astype(np.float64)
        count = p.size
        loss_if_one = -np.log(np.clip(p, TINY, None))
        loss_if_zero = -np.log(np.clip(1.0 - p, TINY, None))
        loss = (y * loss_if_one + (1.0 - y) * loss_if_zero).sum() / count

        def backward(gradient):
            slope = -y / np.clip(p, TINY, None) + (1.0 - y) / np.clip(1.0 - p, TINY, None)
            return (gradient * slope / count).astype(np.float32)

        return Tensor.from_op(np.float32(loss), (prediction, backward))
