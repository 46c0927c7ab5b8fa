"""The windows that a kernel sees as it slides over images: what convolution and pooling share.

Images have the shape (N, C, H, W), but inside they are handled as (C, H, W, N): with the batch
innermost in memory every access is to long contiguous runs. Outputs are (N, C, H, W) views of such
arrays, and elementwise operations keep the order of their operands, so it lasts between layers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .tensor import Array, Tensor

Pair: TypeAlias = tuple[int, int]


def pair(value: int | Pair) -> Pair:
    """Read one number as the same for rows and columns."""
    rows, columns = np.broadcast_to(value, 2).tolist()
    return rows, columns


def batch_last(images: Array) -> Array:
    """View (N, C, H, W) as (C, H, W, N)."""
    return np.transpose(images, (1, 2, 3, 0))


def batch_first(images: Array) -> Array:
    """View (C, H, W, N) as (N, C, H, W)."""
    return np.transpose(images, (3, 0, 1, 2))


@dataclass(frozen=True)
class Windows:
    """A kernel size, the stride between windows, and the border around the image."""

    kernel: Pair
    stride: Pair
    padding: Pair

    def views(self, images: Array, border: float = 0.0) -> list[Array]:
        """Return for each kernel position what it sees: (C, rows of windows, columns, N)."""
        canvas = self._canvas(images.shape, border)
        self._inside(canvas)[...] = batch_last(images)
        return self._slices(canvas)

    def scatter(self, parts: Iterable[Array], shape: tuple[int, ...]) -> Array:
        """Add each position's part to where the position looked: the adjoint of `views`."""
        canvas = self._canvas(shape, border=0.0)
        for view, part in zip(self._slices(canvas), parts, strict=False):
            view[...] += part
        return batch_first(self._inside(canvas))

    def _canvas(self, shape: tuple[int, ...], border: float) -> Array:
        """Return a constant image, border included."""
        samples, channels, height, width = shape
        top, left = self.padding
        size = (channels, height + 2 * top, width + 2 * left, samples)
        return np.full(size, border, dtype=Tensor.precision)

    def _inside(self, canvas: Array) -> Array:
        """View a canvas without its border."""
        top, left = self.padding
        return canvas[:, top : canvas.shape[1] - top, left : canvas.shape[2] - left]

    def _slices(self, canvas: Array) -> list[Array]:
        """View a canvas once per kernel position, at that position of every window."""
        rows, columns = self._count(canvas)
        (down, right), (height, width) = self.stride, self.kernel
        return [
            canvas[:, i : i + down * rows : down, j : j + right * columns : right]
            for i in range(height)
            for j in range(width)
        ]

    def _count(self, canvas: Array) -> Pair:
        """Return how many windows fit; rows and columns that no window covers are left out."""
        _, height, width, _ = canvas.shape
        if self.kernel[0] > height or self.kernel[1] > width:
            raise ValueError(f"kernel {self.kernel} does not fit on padded ({height}, {width})")
        rows = (height - self.kernel[0]) // self.stride[0] + 1
        columns = (width - self.kernel[1]) // self.stride[1] + 1
        return rows, columns
