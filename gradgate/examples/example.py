"""One example of a check: made once, where it is drawn or read, and handed on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradgate.authoring.inputs import Inputs, Large
from gradgate.protocol.frames import PackedInputs, pack_inputs


@dataclass(frozen=True, eq=False, kw_only=True)
class Example:
    """The named inputs of one call, with what is derived of them.

    `large` tells what generates the large arrays among them. `packed` is how they travel to a
    worker. `key` is equal for equal inputs only. `seed`, from 0 to 2**31 - 1, is what both sides
    seed their generators with; it follows from the key and from `run_seed`, the seed of the whole
    run. Two examples are the same if their keys are: `make_example({"x": np.zeros(2)}, 0).key ==
    make_example({"x": np.zeros(2)}, 1).key`.
    """

    inputs: Inputs
    large: Mapping[str, Large]
    packed: PackedInputs
    key: bytes
    seed: int
    run_seed: int

    @cached_property
    def size(self) -> tuple[float, ...]:
        """What orders counterexamples: few numbers, most of them zero, small ones."""
        plain = [v for v in self.inputs.values() if not isinstance(v, np.ndarray)]
        arrays = [array.ravel().astype(float) for array in self.packed.arrays]
        numbers = np.concatenate([np.zeros(0), *arrays])
        nonzero = int(np.count_nonzero(numbers))
        total = float(np.abs(numbers).sum())
        return numbers.size + nonzero, nonzero, len(json.dumps(plain)), total

    def change(self, **inputs: Any) -> Example:
        """Return the example in which some inputs are others."""
        return make_example({**self.inputs, **self.large, **inputs}, self.run_seed)


def make_example(inputs: Inputs, run_seed: int) -> Example:
    """Make what is large, pack all, and derive the rest; what is no array must be JSON."""
    large = {name: value for name, value in inputs.items() if isinstance(value, Large)}
    inputs = {**inputs, **{name: value.make() for name, value in large.items()}}
    packed = pack_inputs(inputs)
    parts = [json.dumps(packed.plain).encode()]
    for array in packed.arrays:
        parts += [repr((array.shape, array.dtype.str)).encode(), array.tobytes()]
    key = b"".join(parts)
    seed = zlib.crc32(key, run_seed & 0xFFFFFFFF) & 0x7FFFFFFF
    return Example(inputs=inputs, large=large, packed=packed, key=key, seed=seed, run_seed=run_seed)
