"""Mistakes in module 01, tensor: + - * /."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # Broadcasting and values.
    Mutant(
        "adds_equal_shapes_only",
        "refuses to add tensors of different shapes",
        "tensor",
        '"""a + b."""\n        other = as_tensor(other)\n',
        '"""a + b."""\n        other = as_tensor(other)\n'
        "        if other.size > 1 and other.shape != self.shape:\n"
        '            raise ValueError("shapes differ")\n',
    ),
    Mutant(
        "broadcasts_right_side_only",
        "stretches b to the shape of a, but never a to the shape of b",
        "tensor",
        "self.data - other.data",
        "self.data - np.broadcast_to(other.data, self.shape)",
    ),
    Mutant(
        "broadcasts_without_new_axes",
        "stretches sides of 1 but adds no leading axes",
        "tensor",
        '"""a * b."""\n        other = as_tensor(other)\n',
        '"""a * b."""\n        other = as_tensor(other)\n'
        "        if other.size > 1 and other.data.ndim != self.data.ndim:\n"
        '            raise ValueError("numbers of axes differ")\n',
    ),
    Mutant(
        "broadcasts_from_the_left",
        "lines shapes up at their first axes instead of their last ones",
        "tensor",
        "return Tensor.from_op(a / b,",
        "b = b.reshape(b.shape + (1,) * max(a.ndim - b.ndim, 0))\n"
        "        return Tensor.from_op(a / b,",
    ),
    Mutant(
        "adds_in_place",
        "adds into a where the shapes agree",
        "tensor",
        "return Tensor.from_op(self.data + other.data,",
        "if self.shape == other.shape:\n"
        "            self.data += other.data\n"
        "            return self\n"
        "        return Tensor.from_op(self.data + other.data,",
    ),
    Mutant(
        "subtracts_backwards",
        "subtracts a from b",
        "tensor",
        "self.data - other.data",
        "other.data - self.data",
    ),
    Mutant(
        "subtracts_by_negating_b",
        "turns the sign of b in place, then adds",
        "tensor",
        "return Tensor.from_op(self.data - other.data,",
        "other.data *= -1\n        return Tensor.from_op(self.data + other.data,",
    ),
    Mutant(
        "multiplies_as_matrices",
        "takes the matrix product for * where there are matrices",
        "tensor",
        "return Tensor.from_op(a * b,",
        "return Tensor.from_op(a @ b if a.ndim == b.ndim == 2 else a * b,",
    ),
    Mutant(
        "divides_to_whole_numbers",
        "uses // instead of /",
        "tensor",
        "Tensor.from_op(a / b,",
        "Tensor.from_op(a // b,",
    ),
    # Numbers and arrays as operands; aliasing.
    Mutant(
        "refuses_numbers",
        "reads other.data, which a number does not have",
        "tensor",
        '"""a / b."""\n        other = as_tensor(other)',
        '"""a / b."""\n        other = Tensor(other.data)',
    ),
    Mutant(
        "float64_arrays_leak",
        "multiplies by a float64 array and keeps its dtype",
        "tensor",
        '"""a * b."""\n',
        '"""a * b."""\n'
        "        if isinstance(other, np.ndarray):\n"
        "            result = Tensor(0.0)\n"
        "            result._data = self.data * other\n"
        "            return result\n",
    ),
    Mutant(
        "bare_array_for_numbers",
        "returns an array, not a tensor, where b is a number",
        "tensor",
        '"""a - b."""\n',
        '"""a - b."""\n'
        "        if isinstance(other, (int, float)):\n"
        "            return self.data - other\n",
    ),
    Mutant(
        "inverts_arrays_in_place",
        "takes the reciprocal of a float array in place to divide by it",
        "tensor",
        '"""a / b."""\n',
        '"""a / b."""\n'
        '        if isinstance(other, np.ndarray) and other.dtype.kind == "f":\n'
        "            np.reciprocal(other, out=other)\n"
        "            return self * other\n",
    ),
    Mutant(
        "adding_0_returns_itself",
        "returns a itself where there is nothing to add",
        "tensor",
        '"""a + b."""\n',
        '"""a + b."""\n'
        "        if isinstance(other, (int, float)) and other == 0:\n"
        "            return self\n",
    ),
    Mutant(
        "dividing_by_1_shares_memory",
        "puts the array of a into a new tensor where b is 1",
        "tensor",
        '"""a / b."""\n',
        '"""a / b."""\n'
        "        if isinstance(other, (int, float)) and other == 1:\n"
        "            return Tensor.from_op(self.data)\n",
    ),
    Mutant(
        "keeps_first_sum",
        "keeps the first sum on the tensor and returns it ever after",
        "tensor",
        "return Tensor.from_op(self.data + other.data, (self, lambda g: g), (other, lambda g: g))",
        'if "total" not in self.__dict__:\n'
        "            self.total = Tensor.from_op(\n"
        "                self.data + other.data, (self, lambda g: g), (other, lambda g: g)\n"
        "            )\n"
        "        return self.total",
    ),
)
