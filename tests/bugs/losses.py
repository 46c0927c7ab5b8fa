"""Mistakes in module 04, losses."""

from __future__ import annotations

from proof.bug import Bug

BUGS = (
    Bug(
        "log_softmax_overflows",
        "does not subtract the maximum before exp",
        "losses",
        "shifted = x.data - x.data.max(axis=dim, keepdims=True)",
        "shifted = x.data",
    ),
    Bug(
        "mse_sums",
        "adds the squared differences up instead of averaging them",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).sum()",
    ),
)
