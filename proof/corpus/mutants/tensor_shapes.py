"""Mistakes in module 01, tensor: reshape, transpose and the reductions."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # reshape.
    Mutant(
        "transposes_last_axis_only_from_the_end",
        "counts a negative second axis from the wrong end",
        "tensor",
        "swapped = self.data.swapaxes(dim0, dim1).copy()",
        "swapped = self.data.swapaxes(dim0, -dim1 - 1 if dim0 >= 0 > dim1 else dim1).copy()",
    ),
    Mutant(
        "sum_takes_the_last_axis_for_any_negative_one",
        "sums over the last axis if the axis is negative",
        "tensor",
        "total = x.sum(axis=axis, keepdims=keepdims)",
        "total = x.sum(\n"
        "            axis=-1 if isinstance(axis, int) and axis < 0 else axis, keepdims=keepdims\n"
        "        )",
    ),
    Mutant(
        "reshape_without_tuple",
        "takes the sizes one by one only",
        "tensor",
        "target = shape[0] if len(shape) == 1 else shape",
        "target = shape",
    ),
    Mutant(
        "reshape_by_columns",
        "reads and writes the elements column by column",
        "tensor",
        'np.array(x, order="C").reshape(target)',
        'x.reshape(target, order="F")',
    ),
    Mutant(
        "reshape_divides_by_one_side",
        "works out the -1 from the first of the other sides alone",
        "tensor",
        "target = shape[0] if len(shape) == 1 else shape\n",
        "target = shape[0] if len(shape) == 1 else shape\n"
        "        if not isinstance(target, int) and list(target).count(-1) == 1:\n"
        "            others = [side for side in target if side != -1]\n"
        "            missing = self.size // others[0] if others else self.size\n"
        "            target = [missing if side == -1 else side for side in target]\n",
    ),
    Mutant(
        "reshape_two_unknown",
        "flattens where two sides are -1",
        "tensor",
        "target = shape[0] if len(shape) == 1 else shape\n",
        "target = shape[0] if len(shape) == 1 else shape\n"
        "        if np.ndim(target) and list(target).count(-1) > 1:\n"
        "            target = -1\n",
    ),
    Mutant(
        "reshape_fills_up",
        "uses np.resize, which repeats elements where there are too few",
        "tensor",
        'np.array(x, order="C").reshape(target)',
        "np.array(x.reshape(target) if -1 in np.ravel(target) else np.resize(x, target))",
    ),
    Mutant(
        "reshape_asserts_size",
        "checks the number of elements with assert",
        "tensor",
        "target = shape[0] if len(shape) == 1 else shape\n",
        "target = shape[0] if len(shape) == 1 else shape\n"
        "        assert -1 in np.ravel(target) or np.prod(target) == self.size\n",
    ),
    Mutant(
        "reshape_in_place",
        "reshapes the tensor itself, then returns a copy of it",
        "tensor",
        'return Tensor.from_op(np.array(x, order="C").reshape(target), (self, to_source))',
        'self.data = np.array(x, order="C").reshape(target)\n'
        "        return Tensor.from_op(self.data.copy(), (self, to_source))",
    ),
    # transpose.
    Mutant(
        "transpose_reverses_all",
        "reverses all axes by default",
        "tensor",
        "dim0, dim1 = -2, -1\n",
        "return Tensor.from_op(self.data.T.copy(), (self, lambda g: g.T))\n",
    ),
    Mutant(
        "transpose_ignores_axes",
        "swaps the last two axes whichever are given",
        "tensor",
        "if dim0 is None or dim1 is None:\n",
        "if True:\n",
    ),
    Mutant(
        "transpose_moves_axis",
        "moves the one axis to the place of the other, which shifts those between",
        "tensor",
        "self.data.swapaxes(dim0, dim1).copy()",
        "np.moveaxis(self.data, dim0, dim1).copy()",
    ),
    Mutant(
        "transpose_takes_0_for_missing",
        "takes axis 0 for one that is not given",
        "tensor",
        "if (dim0 is None) != (dim1 is None):",
        "if (not dim0) != (not dim1):",
    ),
    Mutant(
        "transpose_refuses_vectors",
        "looks for two last axes even where there is one, or none",
        "tensor",
        "if self.data.ndim < 2:\n",
        "if False:\n",
    ),
    Mutant(
        "transpose_returns_itself",
        "returns a vector or a number itself, not a copy",
        "tensor",
        "return self.reshape(self.shape)",
        "return self",
    ),
    Mutant(
        "transpose_in_place",
        "swaps the axes of the tensor itself and returns it",
        "tensor",
        "return Tensor.from_op(swapped, (self, lambda g: g.swapaxes(dim0, dim1)))",
        "self.data = swapped\n        return self",
    ),
    Mutant(
        "transpose_guesses_missing_axis",
        "takes the last axis where only the first is given",
        "tensor",
        "if (dim0 is None) != (dim1 is None):",
        "if dim0 is not None and dim1 is None:\n"
        "            dim1 = -1\n"
        "        if (dim0 is None) != (dim1 is None):",
    ),
    Mutant(
        "transpose_misses_missing_first",
        "notices a missing second axis but not a missing first one",
        "tensor",
        "if (dim0 is None) != (dim1 is None):",
        "if dim0 is not None and dim1 is None:",
    ),
    # sum.
    Mutant(
        "sum_ignores_axis",
        "adds up everything whichever axis is asked for",
        "tensor",
        "x.sum(axis=axis, keepdims=keepdims)",
        "x.sum(keepdims=keepdims)",
    ),
    Mutant(
        "sum_ignores_keepdims",
        "drops the axes that should be kept",
        "tensor",
        "x.sum(axis=axis, keepdims=keepdims)",
        "x.sum(axis=axis)",
    ),
    Mutant(
        "sum_along_axes_one_by_one",
        "adds up along the axes of a tuple in turn, though those behind have moved up",
        "tensor",
        "total = x.sum(axis=axis, keepdims=keepdims)",
        "total = x\n"
        "        for one in axis if isinstance(axis, tuple) else (axis,):\n"
        "            total = total.sum(axis=one, keepdims=keepdims)",
    ),
    Mutant(
        "sum_takes_0_for_none",
        "takes axis 0 for no axis",
        "tensor",
        "x.sum(axis=axis, keepdims=keepdims)",
        "x.sum(axis=axis or None, keepdims=keepdims)",
    ),
    Mutant(
        "sum_in_float64",
        "adds up in float64 and keeps that dtype",
        "tensor",
        "return Tensor.from_op(total, (self, lambda g: _spread(g, x.shape, axis, keepdims)))",
        "result = Tensor.from_op(\n"
        "            total, (self, lambda g: _spread(g, x.shape, axis, keepdims))\n"
        "        )\n"
        "        result._data = np.asarray(x.sum(axis=axis, keepdims=keepdims, dtype=float))\n"
        "        return result",
    ),
    # mean.
    Mutant(
        "mean_divides_by_size",
        "divides by the number of all elements whichever axis is asked for",
        "tensor",
        "total / (self.size // max(total.size, 1))",
        "total / self.size",
    ),
    Mutant(
        "mean_divides_by_one_of_axes",
        "divides by the length of the first axis only where a tuple is given",
        "tensor",
        "total / (self.size // max(total.size, 1))",
        "total / (self.size if axis is None else self.shape[np.ravel(axis)[0]])",
    ),
    Mutant(
        "mean_ignores_keepdims",
        "forgets keepdims",
        "tensor",
        "total = self.sum(axis, keepdims)",
        "total = self.sum(axis)",
    ),
    # max.
    Mutant(
        "max_returns_place",
        "returns where the maximum is instead of what it is",
        "tensor",
        "value = x.max(axis=axis, keepdims=keepdims)",
        "value = (\n"
        "            x.max(axis=axis, keepdims=keepdims)\n"
        "            if isinstance(axis, tuple)\n"
        "            else np.argmax(x, axis=axis, keepdims=keepdims)\n"
        "        )",
    ),
    Mutant(
        "max_starts_from_0",
        "starts the search from 0, so that negative numbers never win",
        "tensor",
        "value = x.max(axis=axis, keepdims=keepdims)",
        "value = x.max(axis=axis, keepdims=keepdims, initial=0)",
    ),
    Mutant(
        "max_sorts_in_place",
        "sorts the data along the axis and takes the last element",
        "tensor",
        "value = x.max(axis=axis, keepdims=keepdims)",
        "value = x.max(axis=axis, keepdims=keepdims)\n"
        "        x.sort(axis=-1 if axis is None else np.ravel(axis)[-1])",
    ),
)
