"""Mistakes in module 05, autograd: the gradients of a @ b."""

from __future__ import annotations

from proof.mutant import Mutant

LEFT = "(self, lambda g: np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),"
RIGHT = "np.atleast_2d(a).swapaxes(-1, -2) @ np.expand_dims(g, dropped)"

MUTANTS = (
    # Two matrices: square ones hide a transpose.
    Mutant(
        "matmul_left_not_transposed",
        "multiplies by b itself where it is square, so that the shapes fit",
        "tensor",
        LEFT,
        "(self, lambda g: np.expand_dims(g, dropped)\n"
        "                @ (column if len(set(b.shape)) == 1 else column.swapaxes(-1, -2))),",
        message="if b were transposed",
    ),
    Mutant(
        "matmul_right_not_transposed",
        "multiplies by a itself where it is square, so that the shapes fit",
        "tensor",
        RIGHT,
        "(a if a.ndim > 1 and len(set(a.shape)) == 1 else np.atleast_2d(a).swapaxes(-1, -2))"
        " @ np.expand_dims(g, dropped)",
        message="if a were transposed",
    ),
    Mutant(
        "matmul_left_in_wrong_order",
        "computes the transposed gradient of a, b @ g.T, and reshapes it until it fits",
        "tensor",
        LEFT,
        "(self, lambda g: np.reshape(b @ g.T, a.shape) if a.ndim == b.ndim == 2\n"
        "                else np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),",
        message="is transposed",
    ),
    # Batches.
    Mutant(
        "matmul_of_batches_reverses_right",
        "transposes b with .T, which reverses the batch axes as well",
        "tensor",
        LEFT,
        "(self, lambda g: np.expand_dims(g, dropped) @ column.T),",
    ),
    Mutant(
        "matmul_of_batches_averages_right",
        "averages the gradient of a matrix b over the batch of a",
        "tensor",
        "return spread[..., 0] if b.ndim == 1 else spread",
        "if b.ndim == 2 and a.ndim > 2:\n"
        "                return spread.mean(axis=tuple(range(a.ndim - 2)))\n"
        "            return spread[..., 0] if b.ndim == 1 else spread",
        message="the number of products that add up",
    ),
    Mutant(
        "matmul_of_batches_averages_left",
        "averages the gradient of a matrix a over the batch of b",
        "tensor",
        LEFT,
        "(self, lambda g: (g @ b.swapaxes(-1, -2)).mean(axis=tuple(range(b.ndim - 2)))\n"
        "                if a.ndim == 2 < b.ndim\n"
        "                else np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),",
        message="the number of products that add up",
    ),
    Mutant(
        "matmul_of_batches_takes_first",
        "takes the first of several gradients where a's batch axis was broadcast",
        "tensor",
        LEFT,
        "(self, lambda g: (g @ b.swapaxes(-1, -2))[:, :1] if a.ndim == 4 and b.ndim == 3\n"
        "                else np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),",
        message="only the first of the gradients",
    ),
    # Vectors.
    Mutant(
        "matmul_of_vectors_swaps_operands",
        "gives each factor of a dot product its own value as its slope",
        "tensor",
        LEFT,
        "(self, lambda g: g * a if a.ndim == b.ndim == 1\n"
        "                else np.expand_dims(g, dropped) @ column.swapaxes(-1, -2)),",
        message="belongs to the other operand",
    ),
    Mutant(
        "matmul_of_vectors_without_outer",
        "multiplies g by the vector b element by element where the outer product is due",
        "tensor",
        LEFT,
        "(self, lambda g: g @ b.swapaxes(-1, -2) if b.ndim > 1 else g * b),",
    ),
    Mutant(
        "matmul_of_vectors_transposes_left",
        "multiplies by a.T, which leaves a vector as it is",
        "tensor",
        "            spread: Array = np.atleast_2d(a)",
        "            if a.ndim == 1 and b.ndim == 2:\n"
        "                return a.T @ np.broadcast_to(g, (len(a), len(g)))\n"
        "            spread: Array = np.atleast_2d(a)",
    ),
    Mutant(
        "matmul_of_vectors_averages_batch",
        "averages the gradient of a vector b over the batch",
        "tensor",
        "return spread[..., 0] if b.ndim == 1 else spread",
        "if b.ndim == 1 and a.ndim == 3:\n"
        "                return spread[..., 0].mean(axis=0)\n"
        "            return spread[..., 0] if b.ndim == 1 else spread",
        message="the number of products that add up",
    ),
)
