"""A backend of Hypothesis that draws uniformly, and by the seed alone.

Hypothesis's own backend mixes literals of the source files around it into what it draws, and
changes earlier examples into new ones: at some seeds all examples are then alike in what hides a
mistake. Here all values within the bounds are equally likely, whatever was drawn before. The first
example, which is the simplest, and the steps of shrinking remain Hypothesis's.
"""

from __future__ import annotations

import math
import struct
from random import Random
from typing import ClassVar, Literal, cast

from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider
from hypothesis.internal.floats import make_float_clamper
from hypothesis.internal.intervalsets import IntervalSet

UNIFORM, SIMPLE = "gradgate", "gradgate-simple"

# How far a range reaches, and how much longer a collection gets, where nothing bounds it.
UNBOUNDED_RANGE = 2**64
UNBOUNDED_SIZE = 10


class UniformProvider(PrimitiveProvider):
    """Draws every choice uniformly from the values that its constraints allow."""

    # One provider for each example: only such a one is handed the example, which holds the Random.
    lifetime: ClassVar[Literal["test_case", "test_function"]] = "test_case"

    def __init__(self, conjecturedata: ConjectureData | None, /) -> None:
        """Draw from the Random of an example, which all examples of a seeded search share."""
        super().__init__(conjecturedata)
        if conjecturedata is not None:  # None: only asked for what it observes, which is nothing
            # None in an example that is repeated choice by choice, for which nothing is drawn.
            self._random = cast(Random, conjecturedata._random)

    def draw_boolean(self, p: float = 0.5) -> bool:
        """Return True with probability `p`."""
        return self._random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """Return an integer from `min_value` to `max_value`, both included.

        `weights`, by which Hypothesis prefers the bounds of a wide range, are not followed.
        """
        if min_value is None:
            min_value = (max_value or 0) - UNBOUNDED_RANGE
        if max_value is None:
            max_value = max(min_value, 0) + UNBOUNDED_RANGE
        return self._random.randint(min_value, max_value)

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float,
    ) -> float:
        """Return 64 random bits as a float; what is not allowed is moved to where it is."""
        move_inside = make_float_clamper(
            min_value,
            max_value,
            allow_nan=allow_nan,
            smallest_nonzero_magnitude=smallest_nonzero_magnitude,
        )
        (number,) = struct.unpack("<d", self._random.randbytes(8))
        return move_inside(number)

    def draw_string(
        self, intervals: IntervalSet, *, min_size: int = 0, max_size: int = UNBOUNDED_SIZE
    ) -> str:
        """Return `min_size` characters of `intervals`, or up to ten more."""
        if not intervals:
            return ""
        places = range(self._draw_size(min_size, max_size))
        return "".join(chr(intervals[self._random.randrange(len(intervals))]) for _ in places)

    def draw_bytes(self, min_size: int = 0, max_size: int = UNBOUNDED_SIZE) -> bytes:
        """Return `min_size` bytes, or up to ten more."""
        return self._random.randbytes(self._draw_size(min_size, max_size))

    def _draw_size(self, low: int, high: int) -> int:
        return self._random.randint(low, min(high, low + UNBOUNDED_SIZE))


class SimpleProvider(UniformProvider):
    """Draws the simplest value of many choices: of half of them, of most, or of nearly all."""

    def __init__(self, conjecturedata: ConjectureData | None, /) -> None:
        """Choose for each example how simple it is."""
        super().__init__(conjecturedata)
        if conjecturedata is not None:
            self._simple = self._random.choice((0.5, 0.75, 0.9))

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """Return the integer nearest to `shrink_towards`, or any."""
        if self._random.random() < self._simple:
            above = shrink_towards if min_value is None else max(shrink_towards, min_value)
            return above if max_value is None else min(above, max_value)
        return super().draw_integer(min_value, max_value)

    def draw_bytes(self, min_size: int = 0, max_size: int = UNBOUNDED_SIZE) -> bytes:
        """Return bytes, many of them 0."""
        drawn = super().draw_bytes(min_size, max_size)
        return bytes(0 if self._random.random() < self._simple else byte for byte in drawn)


AVAILABLE_PROVIDERS[UNIFORM] = UniformProvider
AVAILABLE_PROVIDERS[SIMPLE] = SimpleProvider
