"""Mistakes in module 01, tensor: the matrix product and indexing."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # Matrices.
    Mutant(
        "matmul_swapped",
        "swaps the factors of @, which the sides of square matrices do not show",
        "tensor",
        "return self.matmul(other)",
        "return other.matmul(self)",
    ),
    Mutant(
        "matmul_operator_only",
        "offers @ under another name than matmul",
        "tensor",
        "return self.matmul(other)\n\n    def matmul(",
        "return self.mm(other)\n\n    def mm(",
    ),
    Mutant(
        "matmul_square_transposed",
        "transposes the right factor where that fits too: where it is square",
        "tensor",
        "product = np.matmul(a, b)",
        "product = np.matmul(a, b.T if b.ndim == 2 and b.shape[0] == b.shape[1] else b)",
    ),
    # Vectors.
    Mutant(
        "matmul_refuses_vectors",
        "asks both factors to have two axes or more",
        "tensor",
        "a, b = self.data, other.data\n        try:",
        "a, b = self.data, other.data\n"
        "        if min(a.ndim, b.ndim) < 2:\n"
        '            raise ValueError("matmul needs matrices")\n'
        "        try:",
    ),
    Mutant(
        "matmul_keeps_row",
        "leaves the axis of length 1 in the product of a vector and a matrix",
        "tensor",
        "product = np.matmul(a, b)",
        "product = np.matmul(np.atleast_2d(a), b)",
    ),
    Mutant(
        "matmul_keeps_column",
        "leaves the axis of length 1 in the product of a matrix and a vector",
        "tensor",
        "product = np.matmul(a, b)",
        "product = np.matmul(a, b[:, np.newaxis] if b.ndim == 1 < a.ndim else b)",
    ),
    Mutant(
        "matmul_dot_is_vector",
        "returns the product of two vectors in the shape (1,)",
        "tensor",
        "product = np.matmul(a, b)",
        "product = np.atleast_1d(np.matmul(a, b))",
    ),
    # Batches.
    Mutant(
        "matmul_by_dot",
        "uses np.dot, which multiplies every matrix of a with every one of b",
        "tensor",
        "product = np.matmul(a, b)",
        "product = np.dot(a, b)",
    ),
    Mutant(
        "matmul_pairs_batches",
        "multiplies batches in pairs, in a loop that does not broadcast",
        "tensor",
        "product = np.matmul(a, b)",
        "both = min(a.ndim, b.ndim) > 2\n"
        "            product = (\n"
        "                np.stack([x @ y for x, y in zip(a, b)]) if both else np.matmul(a, b)\n"
        "            )",
    ),
    Mutant(
        "matmul_compares_first_axis",
        "compares a.shape[-1] with b.shape[0], which is the batch where b has one",
        "tensor",
        "a, b = self.data, other.data\n        try:",
        "a, b = self.data, other.data\n"
        "        if a.shape[-1] != b.shape[0]:\n"
        '            raise ValueError(f"matmul: {a.shape} and {b.shape}")\n'
        "        try:",
    ),
    # What @ refuses.
    Mutant(
        "matmul_takes_arrays",
        "wraps a NumPy array in a tensor instead of refusing it",
        "tensor",
        "if not isinstance(other, Tensor):\n            raise TypeError",
        "if isinstance(other, np.ndarray):\n"
        "            other = Tensor(other)\n"
        "        if not isinstance(other, Tensor):\n            raise TypeError",
    ),
    Mutant(
        "matmul_takes_numbers",
        "scales by a number instead of refusing it",
        "tensor",
        "if not isinstance(other, Tensor):\n            raise TypeError",
        "if isinstance(other, (int, float)):\n"
        "            return self * other\n"
        "        if not isinstance(other, Tensor):\n            raise TypeError",
    ),
    Mutant(
        "matmul_asserts_sides",
        "checks the inner sides with assert",
        "tensor",
        "a, b = self.data, other.data\n        try:",
        "a, b = self.data, other.data\n"
        '        assert a.shape[-1] == b.shape[-min(b.ndim, 2)], f"{a.shape} and {b.shape}"\n'
        "        try:",
    ),
    Mutant(
        "matmul_passes_numpys_message_on",
        "leaves the message to NumPy, which names the inner sides only",
        "tensor",
        'raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit") from error',
        "raise",
    ),
    Mutant(
        "matmul_names_one_shape",
        "names the shape of a twice in the message",
        "tensor",
        "shapes {a.shape} and {b.shape} do not fit",
        "shapes {a.shape} and {a.shape} do not fit",
    ),
    # Ints, slices and tuples.
    Mutant(
        "getitem_returns_number",
        "returns a NumPy number for a single element",
        "tensor",
        "return Tensor.from_op(np.array(x[key]), (self, to_source))",
        "if np.ndim(x[key]) == 0:\n"
        "            return x[key]\n"
        "        return Tensor.from_op(np.array(x[key]), (self, to_source))",
    ),
    Mutant(
        "getitem_refuses_negative",
        "refuses negative indices",
        "tensor",
        "        x = self.data\n\n        def to_source(g: Array) -> Array:\n"
        "            spread = np.zeros_like(x)",
        "        x = self.data\n"
        "        if isinstance(key, int) and key < 0:\n"
        '            raise IndexError("negative index")\n\n'
        "        def to_source(g: Array) -> Array:\n"
        "            spread = np.zeros_like(x)",
    ),
    Mutant(
        "getitem_one_after_another",
        "applies the entries of a tuple one after the other, all to the first axis left",
        "tensor",
        "np.array(x[key])",
        "np.array(x[key[0]][key[1]] if isinstance(key, tuple) and len(key) == 2 else x[key])",
    ),
    Mutant(
        "getitem_ignores_step",
        "forgets the step of a slice",
        "tensor",
        "np.array(x[key])",
        "np.array(\n"
        "            x[tuple(slice(k.start, k.stop) if isinstance(k, slice) else k for k in key)]\n"
        "            if isinstance(key, tuple) else x[key]\n"
        "        )",
    ),
    # Arrays.
    Mutant(
        "getitem_drops_repeated",
        "selects each row once, in order, however often it is asked for",
        "tensor",
        "np.array(x[key])",
        "np.array(x[np.unique(key) if getattr(key, 'dtype', bool) != bool else key])",
    ),
    Mutant(
        "getitem_crosses_arrays",
        "selects every row with every column where two arrays are paired",
        "tensor",
        "np.array(x[key])",
        "np.array(\n"
        "            x[np.ix_(*key)]\n"
        "            if isinstance(key, tuple) and all(isinstance(k, np.ndarray) for k in key)\n"
        "            else x[key]\n"
        "        )",
    ),
    Mutant(
        "getitem_mask_of_elements_only",
        "uses np.extract, which takes a mask of rows for one of elements",
        "tensor",
        "np.array(x[key])",
        "np.array(np.extract(key, x) if getattr(key, 'dtype', int) == bool else x[key])",
    ),
)
