"""Mistakes in module 05, autograd: the gradients of sum, mean and max."""

from __future__ import annotations

from proof.mutant import Mutant

SPREAD = "_spread(g, x.shape, axis, keepdims)"
MEAN = """        total = self.sum(axis, keepdims)
        return total / (self.size // max(total.size, 1))
"""
SUM_TO_MEAN = f'''        return Tensor.from_op(total, (self, lambda g: {SPREAD}))

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Mean over one axis, several, or all."""
{MEAN}'''
OWN_MEAN = """        x = self.data
        y = x.mean(axis=axis, keepdims=keepdims)
        return Tensor.from_op(y, (self, lambda g: _spread(g, x.shape, axis, keepdims){}))
"""
SHARE = "share: Array = winners / winners.sum(axis=axis, keepdims=True)"

MUTANTS = (
    # sum
    Mutant(
        "sum_ignores_upstream",
        "passes ones back through sum",
        "tensor",
        f"Tensor.from_op(total, (self, lambda g: {SPREAD}))",
        "Tensor.from_op(total, (self, lambda g: np.ones_like(x)))",
        message="leaves out the gradient that arrives",
    ),
    Mutant(
        "sum_does_not_expand",
        "broadcasts the gradient of sum(axis) to x without putting the axis back",
        "tensor",
        SUM_TO_MEAN,
        SUM_TO_MEAN.replace(SPREAD, "np.ones_like(x) * g").replace(
            MEAN, OWN_MEAN.format(" * y.size / x.size")
        ),
        message="broadcast along the wrong axis",
    ),
    Mutant(
        "sum_expands_last_axis",
        "puts the lost axis back at the end, whichever was summed",
        "tensor",
        "        g = np.expand_dims(g, axis)\n    return np.broadcast_to(g, shape)",
        "        g = np.expand_dims(g, -1)\n    return np.resize(g, shape)",
        message="in the wrong places",
    ),
    Mutant(
        "sum_ignores_keepdims",
        "puts a lost axis back that keepdims had kept",
        "tensor",
        "if axis is not None and not keepdims:",
        "if axis is not None:",
    ),
    Mutant(
        "sum_counts_negative_axis_after_loss",
        "counts a negative axis in the shape of the result instead of that of x",
        "tensor",
        "        g = np.expand_dims(g, axis)\n    return np.broadcast_to(g, shape)",
        "        g = np.expand_dims(g, axis % max(g.ndim, 1) if axis == -1 else axis)\n"
        "    return np.resize(g, shape)",
        message="in the wrong places",
    ),
    Mutant(
        "sum_expands_one_axis_only",
        "puts an axis back only where axis is an int, not for a tuple",
        "tensor",
        "if axis is not None and not keepdims:",
        "if isinstance(axis, int) and not keepdims:",
    ),
    # mean
    Mutant(
        "mean_without_graph",
        "returns a new Tensor from mean that knows nothing of x",
        "tensor",
        MEAN,
        "        return Tensor(self.data.mean(axis=axis, keepdims=keepdims))\n",
    ),
    Mutant(
        "mean_not_divided",
        "passes the gradient of a sum back through mean",
        "tensor",
        MEAN,
        OWN_MEAN.format(""),
        message="the number of elements that go into each result",
    ),
    Mutant(
        "mean_divided_by_size",
        "divides by the number of all elements even where one axis was averaged",
        "tensor",
        MEAN,
        OWN_MEAN.format(" / x.size"),
        message="the number of results",
    ),
    Mutant(
        "mean_of_axes_divided_by_first",
        "divides by the length of the first of several averaged axes",
        "tensor",
        MEAN,
        OWN_MEAN.format(
            " / (x.shape[axis[0]] if isinstance(axis, tuple) else x.size // max(y.size, 1))"
        ),
        message="the length of its last axis",
    ),
    # max
    Mutant(
        "max_without_graph",
        "returns a new Tensor from max that knows nothing of x",
        "tensor",
        "return Tensor.from_op(value, (self, to_source))",
        "return Tensor(value)",
    ),
    Mutant(
        "max_passes_to_all",
        "passes the gradient of max on to all elements, as for a sum",
        "tensor",
        "return _spread(g, x.shape, axis, keepdims) * share",
        "return _spread(g, x.shape, axis, keepdims) * np.ones_like(share)",
    ),
    Mutant(
        "max_of_whole_array",
        "passes the gradient on to the largest of all elements even where axis is given",
        "tensor",
        "winners = x == peak",
        "winners = x == x.max()",
    ),
    Mutant(
        "max_ties_each_get_all",
        "passes the whole gradient on to each of several largest elements",
        "tensor",
        SHARE,
        "share = winners",
    ),
    Mutant(
        "max_ties_counted_in_whole_array",
        "divides by the number of largest elements in all rows together",
        "tensor",
        SHARE,
        "share: Array = winners / winners.sum()",
    ),
    Mutant(
        "max_two_ties_share_beyond_one",
        "gives the first of exactly two largest elements twice the gradient, the other -1 times",
        "tensor",
        SHARE,
        SHARE + "\n"
        "            if axis is None and winners.sum() == 2:\n"
        "                first = np.cumsum(winners).reshape(x.shape) == 1\n"
        "                share = winners * np.where(first, 2, -1)",
    ),
)
