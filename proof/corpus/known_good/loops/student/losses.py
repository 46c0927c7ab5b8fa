"""Module 04: losses, summed up in loops."""

import math

import numpy as np

from .tensor import as_array, as_tensor, record

EPSILON = 1e-7


def log_softmax(x, dim=-1):
    """Logarithm of softmax, row by row."""
    moved = np.moveaxis(x.data, dim, -1)
    result = np.zeros_like(moved)
    for place in np.ndindex(*moved.shape[:-1]):
        result[place] = log_softmax_row(moved[place])

    def push(g):
        moved_g = np.moveaxis(g, dim, -1)
        grad = np.zeros_like(result)
        for place in np.ndindex(*result.shape[:-1]):
            grad[place] = moved_g[place] - np.exp(result[place]) * moved_g[place].sum()
        return (np.moveaxis(grad, -1, dim),)

    return record(np.moveaxis(result, -1, dim), (x,), push)


def log_softmax_row(row):
    """log_softmax of one row, in plain Python numbers."""
    numbers = [float(value) for value in row]
    largest = max(numbers)
    total = sum(math.exp(value - largest) for value in numbers)
    return [value - largest - math.log(total) for value in numbers]


class Loss:
    def __call__(self, predictions, targets):
        return self.forward(predictions, targets)


class MSELoss(Loss):
    def forward(self, predictions, targets):
        difference = predictions - as_tensor(targets)
        return (difference * difference).mean()


class CrossEntropyLoss(Loss):
    def forward(self, logits, targets):
        classes = [int(target) for target in as_array(targets)]
        count = len(classes)
        logs = [log_softmax_row(row) for row in logit_rows(logits)]
        total = 0.0
        for row, target in zip(logs, classes):
            total -= row[target]

        def push(g):
            grad = np.exp(np.array(logs))
            for i in range(count):
                grad[i, classes[i]] -= 1.0
            return (g * grad / count,)

        return record(total / count, (logits,), push)


def logit_rows(logits):
    """The rows of (N, C) logits."""
    if logits.data.ndim != 2:
        raise ValueError(f"logits must have shape (N, C), not {logits.shape}")
    return logits.data


class BinaryCrossEntropyLoss(Loss):
    def forward(self, predictions, targets):
        raw = predictions.data.ravel().tolist()
        labels = as_array(targets).ravel().tolist()
        clipped = [min(max(p, EPSILON), 1 - EPSILON) for p in raw]
        total = 0.0
        for p, y in zip(clipped, labels):
            total -= y * math.log(p) + (1 - y) * math.log(1 - p)

        def push(g):
            slopes = []
            for p, kept, y in zip(raw, clipped, labels):
                inside = p == kept  # where the clip cuts, the loss is flat
                slopes.append((p - y) / (p * (1 - p)) / len(raw) if inside else 0.0)
            return (g * np.array(slopes, dtype=np.float32).reshape(predictions.shape),)

        return record(total / len(raw), (predictions,), push)
