"""Figures as people are told them, rounded down: what is shown as 90.0 % is no less."""

from __future__ import annotations

from milestones.training import Trained


def tenths(share: float) -> str:
    """Return a share in percent, or in points: 0.9849 as 98.4."""
    return f"{int(1000 * share + 1e-9) / 10:.1f}"


def lead(own: float, rival: float) -> str:
    """Return how far one accuracy is from another: `1.3 points ahead of`."""
    apart = own - rival
    if abs(apart) < 0.001:
        return "level with"
    return f"{tenths(abs(apart))} points {'ahead of' if apart > 0 else 'behind'}"


def compared(own: Trained, rival: Trained, shift: int = 0) -> str:
    """Return in a clause how two networks do on test images moved by so many pixels."""
    ours, theirs = own.by_shift[shift], rival.by_shift[shift]
    return (
        f"{own.network.title} recognises {tenths(ours)} %, "
        f"{lead(ours, theirs)} {rival.network.title}, which recognises {tenths(theirs)} %"
    )
