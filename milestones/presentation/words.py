"""Phrases that tables, pictures and pages share."""

from __future__ import annotations

from ..gate.figures import format_tenths
from ..training.trained_network import TrainedNetwork


def describe_lead(own: float, rival: float) -> str:
    """Return how far one accuracy is from another: `1.3 points ahead of`."""
    apart = own - rival
    if abs(apart) < 0.001:
        return "level with"
    return f"{format_tenths(abs(apart))} points {'ahead of' if apart > 0 else 'behind'}"


def compare_accuracies(own: TrainedNetwork, rival: TrainedNetwork, shift: int = 0) -> str:
    """Return in a clause how two networks do on test images moved by so many pixels."""
    ours, theirs = own.by_shift[shift], rival.by_shift[shift]
    return (
        f"{own.network.title} recognises {format_tenths(ours)} %, "
        f"{describe_lead(ours, theirs)} {rival.network.title}, "
        f"which recognises {format_tenths(theirs)} %"
    )
