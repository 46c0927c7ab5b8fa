"""Samples, and plans of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw


def part(batches: Any, position: int) -> Any:
    """Return the rows of one part of all batches, in the order they come."""
    return np.array([row for batch in batches for row in values(batch[position])])


def samples(draw: Draw, *counts: int) -> Inputs:
    """Samples with a row of features and a label each, all labels different."""
    count, width = draw.choice(counts or (3, 1, 2, 5)), draw.choice((2, 1, 3))
    return {"x": draw.grid((count, width)), "y": draw.distinct((count,))}


def in_batches(draw: Draw, *plans: tuple[int, int]) -> Inputs:
    """Samples, and a batch size: one of the plans (how many, in batches of)."""
    count, size = draw.choice(plans)
    return samples(draw, count) | {"size": size}
