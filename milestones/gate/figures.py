"""Figures as they are written, rounded down: what is written as 90.0 % is no less."""

from __future__ import annotations


def format_tenths(share: float) -> str:
    """Return a share in percent, or in points: 0.9849 as 98.4."""
    return f"{int(1000 * share + 1e-9) / 10:.1f}"
