"""Many small images as one."""

from __future__ import annotations

import numpy as np

from ...definition import Array

SIDE = 24  # pixels that a tile is enlarged to, about
GAP = 3


def lay_out_tiles(tiles: Array, columns: int) -> Array:
    """Lay tiles (K, H, W) or (K, H, W, 3) out in rows from the left; NaN is between them."""
    tiles = np.asarray(tiles, float)
    by = max(1, SIDE // tiles.shape[1])
    large = tiles.repeat(by, axis=1).repeat(by, axis=2)
    count, height, width, *colours = large.shape
    rows = -(-count // columns)
    high, wide = rows * (height + GAP) - GAP, columns * (width + GAP) - GAP
    whole = np.full((high, wide, *colours), np.nan)
    for number, tile in enumerate(large):
        top, left = (number // columns) * (height + GAP), (number % columns) * (width + GAP)
        whole[top : top + height, left : left + width] = tile
    return whole
