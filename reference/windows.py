"""The windows that a kernel sees as it slides over images: what convolution and pooling share.

Images have the shape (N, C, H, W), but inside they are handled as (C, H, W, N): with the batch
innermost in memory every access is to long contiguous runs. Outputs are (N, C, H, W) views of such
arrays, and elementwise operations keep the order of their operands, so it lasts between layers.
"""

from __future__ import annotations

import dataclasses
from collections import abc
from typing import Any, TypeAlias

import numpy as np
from numpy.lib import stride_tricks

from .tensor import Array, Tensor

Pair: TypeAlias = tuple[int, int]

TILE_BYTES = 256 * 1024  # what is gathered at once should stay in a core's cache until it is used


def pair(value: int | Pair) -> Pair:
    """Read one number as the same for rows and columns."""
    rows, columns = np.broadcast_to(value, 2).tolist()
    return rows, columns


def batch_last(images: Array) -> Array:
    """Return (N, C, H, W) as (C, H, W, N), without a copy if the batch is innermost already."""
    view = np.transpose(images, (1, 2, 3, 0))
    if view.flags.c_contiguous:
        return view
    result = np.empty(view.shape, dtype=view.dtype)
    # A few samples at a time: images a power of two apart in memory compete for the same cache.
    for first in range(0, len(images), 8):
        result[..., first : first + 8] = view[..., first : first + 8]
    return result


def batch_first(images: Array) -> Array:
    """View (C, H, W, N) as (N, C, H, W)."""
    return np.transpose(images, (3, 0, 1, 2))


@dataclasses.dataclass(frozen=True)
class Windows:
    """A kernel size, the stride between windows, and the border around the image.

    What windows see is a view (C, kernel's height, its width, rows of windows, columns, N).
    """

    kernel: Pair
    stride: Pair
    padding: Pair

    def look(self, images: Array, border: float = 0.0) -> Array:
        """View what every window sees; rows and columns that no window covers are left out."""
        if not any(self.padding):
            return self._slide(batch_last(images))
        canvas = self._canvas(images.shape, border)
        self._inside(canvas)[...] = batch_last(images)
        return self._slide(canvas)

    def look_back(self, g: Array, shape: tuple[int, ...]) -> Array:
        """View, for every pixel of the images, the cotangents of the windows that see it.

        The window that has a pixel under its last position starts first: with the cotangents laid
        out a stride apart, these are windows again, of stride 1 and turned by 180 degrees.
        """
        (top, left), (down, right), (rows, columns) = self.padding, self.stride, g.shape[2:]
        above, before = self.kernel[0] - 1, self.kernel[1] - 1
        height, width = shape[2:]
        size = (g.shape[1], above + height + 2 * top, before + width + 2 * left, len(g))
        canvas = np.zeros(size, dtype=g.dtype)
        starts = canvas[
            :, above : above + down * rows : down, before : before + right * columns : right
        ]
        starts[...] = batch_last(g)
        seen = _slide(canvas, self.kernel, (1, 1))[:, ::-1, ::-1]
        return seen[..., top : top + height, left : left + width, :]

    def scatter(self, parts: abc.Iterable[Array], shape: tuple[int, ...]) -> Array:
        """Add each kernel position's part to where the position looked: the adjoint of `look`."""
        canvas = self._canvas(shape, border=0.0)
        apart = self.stride[0] >= self.kernel[0] and self.stride[1] >= self.kernel[1]
        for view, part in zip(by_position(self._slide(canvas)), parts, strict=False):
            # Where no pixel is seen twice, there is nothing to add to.
            view[...] = part if apart else view + part
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

    def _slide(self, canvas: Array) -> Array:
        """View what the windows see of a canvas; refuse one that is smaller than the kernel."""
        _, height, width, _ = canvas.shape
        if self.kernel[0] > height or self.kernel[1] > width:
            raise ValueError(f"kernel {self.kernel} does not fit on padded ({height}, {width})")
        return _slide(canvas, self.kernel, self.stride)


def by_position(seen: Array) -> list[Array]:
    """View what each kernel position sees by itself: (C, rows of windows, columns, N)."""
    _, height, width, *_ = seen.shape
    return [seen[:, i, j] for i in range(height) for j in range(width)]


def tiles(seen: Array) -> abc.Iterator[Any]:
    """Cut the plane of windows into parts whose columns fit the cache; yield their indices."""
    height, width = seen.shape[3:5]
    fitting = max(1, TILE_BYTES // max(1, seen[..., 0, 0, :].nbytes))
    columns, rows = min(width, fitting), max(1, fitting // width)
    for top in range(0, height, rows):
        for left in range(0, width, columns):
            yield ..., slice(top, top + rows), slice(left, left + columns), slice(None)


def _slide(canvas: Array, kernel: Pair, stride: Pair) -> Array:
    """View all windows that fit on a canvas (C, H, W, N)."""
    windows: Array = stride_tricks.sliding_window_view(canvas, kernel, axis=(1, 2), writeable=True)
    return np.transpose(windows[:, :: stride[0], :: stride[1]], (0, 4, 5, 1, 2, 3))
