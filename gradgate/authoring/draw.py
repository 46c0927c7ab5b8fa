"""Drawing inputs: dyadic grids, shapes, parameters; all shrink towards the simplest legal value.

Numbers are multiples of 1/8 (or odd multiples of a finer step), so that sums and products are exact
in float32 and a difference from the oracle is a mistake, not rounding. Trusted side only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from gradgate.authoring.inputs import Inputs

Array = NDArray[Any]
T = TypeVar("T")

# Mostly 2 to 4 and mostly unequal: sides of 1 hide a mean for a sum, squares hide a transpose.
# The order is the order of shrinking.
SIDES = (1, 2, 3, 4, 2, 3, 4, 3)


class Draw:
    """What an `inputs` function draws from."""

    def __init__(self, draw: st.DrawFn) -> None:
        """Wrap Hypothesis's draw function."""
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included; shrinks to `low`."""
        return self._draw(_integers(low, high))

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`; shrinks to the first."""
        return options[self._draw(_integers(0, len(options) - 1))]

    def grid(self, shape: tuple[int, ...], top: int = 16) -> Array:
        """Return k/8 with |k| <= top, float32; shrinks to 0."""
        return _decode(self._codes(shape), np.arange(top + 1) / 8)

    def nonzero(self, shape: tuple[int, ...], top: int = 8) -> Array:
        """Return k/8 with 1 <= |k| <= top: cotangents, directions, divisors; shrinks to 1/8."""
        return _decode(self._codes(shape), np.arange(1, top + 1) / 8)

    def powers(self, shape: tuple[int, ...]) -> Array:
        """Return +-1/2, 1, 2 or 4: divisors by which division is exact; shrinks to 1."""
        return _decode(self._codes(shape), np.array([1.0, 2.0, 0.5, 4.0]))

    def odd(self, shape: tuple[int, ...], top: int = 16, step: float = 1 / 16) -> Array:
        """Return odd multiples of `step` up to about top/8, away from kinks at multiples of 1/8."""
        return _decode(self._codes(shape), np.arange(top) / 8 + step)

    def distinct(self, shape: tuple[int, ...]) -> Array:
        """Return multiples of 1/8 around zero, all different: no ties for a maximum."""
        size = math.prod(shape)
        order = self._draw(st.permutations(range(size))) if size else []
        return ((np.array(order, np.float32) - size // 2) / 8).astype(np.float32).reshape(shape)

    def ids(self, count: int, classes: int) -> Array:
        """Return class ids 0 .. classes-1, int64, shape (count,)."""
        return (self._codes((count,)) % classes).astype(np.int64)

    def mask(self, shape: tuple[int, ...]) -> Array:
        """Return booleans; shrinks to False."""
        return np.asarray(self._codes(shape) % 2 == 1)

    def shape(self, low: int, high: int) -> tuple[int, ...]:
        """Return a shape of `low` to `high` axes, sides 1 to 4."""
        return tuple(self.choice(SIDES) for _ in range(self.integer(low, high)))

    def broadcast_shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return two shapes that broadcast: one full, the other cut short or thinned."""
        full = self.shape(0, 3)
        leading = self.integer(0, len(full))
        kept = self.choice((True, False, False))
        thin = tuple(side if kept else self.choice((side, 1)) for side in full[leading:])
        return self.choice(((full, thin), (thin, full)))

    def factors(self, *patterns: str) -> Inputs:
        """Return `a` and `b` for a @ b, with axes such as `bmk,kn`: equal letters, equal sides."""
        sides = dict(zip("1bcmkn", (1, *self.shape(5, 5)), strict=True))
        axes = zip("ab", self.choice(patterns).split(","), strict=True)
        return {name: self.grid(tuple(sides[letter] for letter in word)) for name, word in axes}

    def scores(self) -> Inputs:
        """Return scores `x` of at least one axis, and `dim`, any of its axes from either end."""
        x = self.grid(self.shape(1, 3), top=32)
        return {"x": x, "dim": self.integer(-x.ndim, x.ndim - 1)}

    def far_rows(self, rows: int, columns: int) -> Array:
        """Return rows of scores, near each other or far apart, each row moved by thousands."""
        scores = self.grid((rows, columns), top=32) * self.choice((1, 1000))
        offsets = [[self.choice((0, 6000, -6000))] for _ in range(rows)]
        return np.asarray(scores + offsets, np.float32)

    def windows(self, kernel: Sequence[int], stride: int, padding: int) -> tuple[Any, Any]:
        """Return the shapes of images and of the windows that slide over them.

        Images are (batch, channels, height, width), results (batch, channels, rows, columns), one
        for each place of a window of sides `kernel`. The last rows and columns of an image may be
        covered by no window. `windows((3, 3), stride=1, padding=0)` may return
        `((1, 1, 4, 5), (1, 1, 2, 3))`.
        """
        counts, batch, channels = (2, 1, 3)[: 4 - stride], self.choice((1, 2)), self.integer(1, 3)
        spans = [stride * self.choice(counts) - stride + side - 2 * padding for side in kernel]
        sides = [max(1, span + self.integer(0, stride - 1)) for span in spans]
        places = [(n + 2 * padding - k) // stride + 1 for n, k in zip(sides, kernel, strict=True)]
        return (batch, channels, *sides), (batch, channels, *places)

    def _codes(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        # Bytes shrink well and cost a third of element-wise arrays.
        size = math.prod(shape)
        raw = self._draw(_binary(size))
        return np.frombuffer(raw, np.uint8).reshape(shape)


# Building a strategy costs as much as drawing from it.
_integers = cache(st.integers)


@cache
def _binary(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


def _decode(codes: NDArray[np.uint8], magnitudes: Array) -> Array:
    """Read byte 0 as the simplest value, then each magnitude with sign plus before minus."""
    signed = np.stack([magnitudes, -magnitudes], axis=1).ravel()
    table = np.delete(signed, 1) if magnitudes[0] == 0 else signed  # no negative zero
    return np.asarray(table[codes.astype(int) % len(table)], np.float32)
