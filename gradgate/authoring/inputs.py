"""The inputs of one example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Inputs = dict[str, Any]
"""Named inputs: NumPy arrays and JSON values (numbers, strings, lists, dicts, None).

In a check's `corners` an array may be a Large, too.
"""


@dataclass(frozen=True)
class Large:
    """A large array, told by what generates it: multiples of 1/8 up to `top`/8, float32.

    A recorded example holds this instead of its numbers.
    """

    shape: tuple[int, ...]
    seed: int
    top: int = 16

    def make(self) -> NDArray[Any]:
        """Return the array; the same in every version of NumPy, whose RandomState is frozen."""
        codes = np.random.RandomState(self.seed).randint(
            -self.top, self.top + 1, self.shape, "int64"
        )
        return np.asarray(codes / 8, np.float32)

    def __str__(self) -> str:
        """Return Python code that makes the array."""
        codes = f'randint({-self.top}, {self.top + 1}, {self.shape}, "int64")'
        return f'(np.random.RandomState({self.seed}).{codes} / 8).astype("float32")'
