"""Mistakes in module 05, autograd: the gradients of reshape, transpose and indexing."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # reshape
    Mutant(
        "reshape_not_recorded",
        "returns a new Tensor from reshape that knows nothing of the old one",
        "tensor",
        'return Tensor.from_op(np.array(x, order="C").reshape(target), (self, to_source))',
        'return Tensor(np.array(x, order="C").reshape(target))',
    ),
    Mutant(
        "reshape_in_fortran_order",
        "puts the gradient back column by column",
        "tensor",
        "spread[...] = g.reshape(x.shape)",
        'spread[...] = g.reshape(x.shape, order="F")',
        message="column by column",
    ),
    # transpose
    Mutant(
        "transpose_of_vector_not_recorded",
        "copies a vector without recording it",
        "tensor",
        "return self.reshape(self.shape)",
        "return Tensor(self.data)",
    ),
    Mutant(
        "transpose_reshapes_back",
        "reshapes the gradient to the shape of x instead of swapping its axes back",
        "tensor",
        "(self, lambda g: g.swapaxes(dim0, dim1))",
        "(self, lambda g: g.reshape(self.shape))",
        message="only in another shape",
    ),
    Mutant(
        "transpose_always_swaps_last_axes_back",
        "swaps the last two axes of the gradient, whichever were swapped forward",
        "tensor",
        "(self, lambda g: g.swapaxes(dim0, dim1))",
        "(self, lambda g: np.resize(g.swapaxes(-2, -1), self.shape))",
    ),
    # x[key]
    Mutant(
        "index_ignores_start_of_slice",
        "puts the gradient of a slice back from row 0 on",
        "tensor",
        "np.add.at(spread, key, g)",
        "rows = key[0] if isinstance(key, tuple) else key\n"
        "            rest = key[1:] if isinstance(key, tuple) else ()\n"
        "            rows = slice(len(x[rows])) if isinstance(rows, slice) else rows\n"
        "            np.add.at(spread, (rows, *rest), g)",
        message="the right numbers in the wrong places",
    ),
    Mutant(
        "index_reads_mask_as_numbers",
        "takes a mask of booleans for the positions 0 and 1",
        "tensor",
        "np.add.at(spread, key, g)",
        "keys = key if isinstance(key, tuple) else (key,)\n"
        "            whole = tuple(k * 1 if isinstance(k, np.ndarray) else k for k in keys)\n"
        "            np.add.at(spread, whole, np.resize(g, x[whole].shape))",
    ),
    # x[rows] with repeated rows
    Mutant(
        "index_repeated_keeps_last",
        "writes spread[key] += g, which keeps one of several gradients of a row",
        "tensor",
        "np.add.at(spread, key, g)",
        "spread[key] += g",
        message="only one of several contributions",
    ),
    Mutant(
        "index_repeated_pairs_keep_last",
        "accumulates for an array of rows, but assigns for rows and columns",
        "tensor",
        "np.add.at(spread, key, g)",
        "if isinstance(key, tuple):\n"
        "                spread[key] = g\n"
        "            else:\n"
        "                np.add.at(spread, key, g)",
        message="only one of several contributions",
    ),
    Mutant(
        "index_repeated_averages",
        "averages the gradients of a row that was read several times",
        "tensor",
        "            return spread\n\n        return Tensor.from_op(np.array(x[key])",
        "            counts = np.zeros_like(x)\n"
        "            np.add.at(counts, key, 1)\n"
        "            return spread / np.maximum(counts, 1)\n\n"
        "        return Tensor.from_op(np.array(x[key])",
        message="averages the contributions",
    ),
)
