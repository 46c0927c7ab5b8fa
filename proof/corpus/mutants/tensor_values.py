"""Mistakes in module 01, tensor: construction, attributes, `numpy` and `repr`."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # Construction.
    Mutant(
        "keeps_float64",
        "leaves the dtype to NumPy, which makes float64 of lists",
        "tensor",
        'self.data = np.array(data, dtype=Tensor.precision, order="C")',
        "self._data = np.array(data)",
    ),
    Mutant(
        "keeps_integers",
        "converts floats to float32 but leaves integer arrays as they are",
        "tensor",
        'self.data = np.array(data, dtype=Tensor.precision, order="C")',
        "given = np.array(data)\n"
        '        self._data = given if given.dtype.kind == "i" else given.astype(np.float32)',
    ),
    Mutant(
        "truncates_to_integers",
        "converts by way of int, which cuts off what stands behind the point",
        "tensor",
        'np.array(data, dtype=Tensor.precision, order="C")',
        "np.array(data, dtype=int)",
    ),
    Mutant(
        "number_becomes_vector",
        "makes a vector of length 1 of a number",
        "tensor",
        'np.array(data, dtype=Tensor.precision, order="C")',
        "np.atleast_1d(np.array(data, dtype=np.float32))",
    ),
    # Attributes and numpy().
    Mutant(
        "shape_of_number_is_1",
        "reports the shape (1,) for a number",
        "tensor",
        "return self.data.shape",
        "return self.data.shape or (1,)",
    ),
    Mutant(
        "size_counts_rows",
        "returns the length of the first axis as the size",
        "tensor",
        "return self.data.size",
        "return len(self.data) if self.data.ndim else 1",
    ),
    Mutant(
        "dtype_of_what_came_in",
        "reports float64 as the dtype, whatever is stored",
        "tensor",
        "return self.data.dtype",
        "return np.dtype(float)",
    ),
    Mutant(
        "requires_grad_ignored",
        "does not store requires_grad",
        "tensor",
        "        self.requires_grad = requires_grad\n",
        "",
    ),
    Mutant(
        "requires_grad_by_default",
        "lets every tensor require a gradient unless told otherwise",
        "tensor",
        "requires_grad: bool = False) -> None",
        "requires_grad: bool = True) -> None",
    ),
    Mutant(
        "grad_starts_as_zeros",
        "starts with a gradient of zeros instead of None",
        "tensor",
        "        self.requires_grad = requires_grad\n",
        "        self.requires_grad = requires_grad\n"
        "        self.grad = np.zeros_like(self.data) if requires_grad else None\n",
    ),
    Mutant(
        "numpy_returns_float64",
        "converts the values to Python's float in numpy()",
        "tensor",
        "return self.data\n",
        "return self.data.astype(float)\n",
    ),
    # repr.
    Mutant(
        "repr_without_name",
        "shows values and shape without the name of the class",
        "tensor",
        'return f"Tensor({self.data},',
        'return f"({self.data},',
    ),
    Mutant(
        "repr_without_values",
        "shows name and shape without the values",
        "tensor",
        "Tensor({self.data}, shape",
        "Tensor(shape",
    ),
    Mutant(
        "repr_without_shape",
        "shows the number of axes in place of the shape",
        "tensor",
        "shape={self.shape}{suffix}",
        "ndim={self.data.ndim}{suffix}",
    ),
)
