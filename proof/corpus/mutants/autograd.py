"""Mistakes in module 05, autograd: arithmetic and broadcasting; the other files hold the rest."""

from __future__ import annotations

from proof.corpus.mutants.autograd_functions import MUTANTS as FUNCTIONS
from proof.corpus.mutants.autograd_matmul import MUTANTS as MATMUL
from proof.corpus.mutants.autograd_recording import MUTANTS as RECORDING
from proof.corpus.mutants.autograd_reductions import MUTANTS as REDUCTIONS
from proof.corpus.mutants.autograd_selection import MUTANTS as SELECTION
from proof.corpus.mutants.autograd_walk import MUTANTS as WALK
from proof.mutant import Mutant

ARITHMETIC = (
    # a + b
    Mutant(
        "add_forgets_right",
        "passes the gradient of a + b to a alone",
        "tensor",
        "(self, lambda g: g), (other, lambda g: g))",
        "(self, lambda g: g))",
    ),
    Mutant(
        "add_averages_broadcast_left",
        "averages the gradient of a + b over the rows that a was broadcast to",
        "tensor",
        "(self, lambda g: g), (other, lambda g: g))",
        "(self, lambda g: g.mean(axis=0) if self.data.ndim < g.ndim else g),\n"
        "            (other, lambda g: g))",
        message="is the right one divided by",
    ),
    Mutant(
        "add_to_itself_counts_once",
        "passes one contribution on where both operands of a + b are the same tensor",
        "tensor",
        "(self, lambda g: g), (other, lambda g: g))",
        "(self, lambda g: g), *([] if other is self else [(other, lambda g: g)]))",
        message="it lacks v * x",
    ),
    # a - b
    Mutant(
        "subtract_does_not_negate",
        "forgets that b counts negative in a - b",
        "tensor",
        "(self, lambda g: g), (other, lambda g: -g))",
        "(self, lambda g: g), (other, lambda g: +g))",
        message="has the wrong sign",
    ),
    Mutant(
        "subtract_asks_right_only_if_left_is_constant",
        "writes elif: b gets its gradient only where a requires none",
        "tensor",
        "(self, lambda g: g), (other, lambda g: -g))",
        "*([(self, lambda g: g)] if self.requires_grad else [(other, lambda g: -g)]))",
    ),
    Mutant(
        "subtract_of_number_not_recorded",
        "records a - b only where b is a Tensor",
        "tensor",
        '"""a - b."""\n',
        '"""a - b."""\n'
        "        if not isinstance(other, Tensor):\n"
        "            return Tensor(self.data - other)\n",
    ),
    # a * b
    Mutant(
        "multiply_swaps_operands",
        "gives a the gradient g * a and b the gradient g * b",
        "tensor",
        "(self, lambda g: g * b), (other, lambda g: g * a)",
        "(self, lambda g: g * a), (other, lambda g: g * b)",
        message="is v * a",
    ),
    Mutant(
        "multiply_ignores_upstream",
        "starts from ones instead of the gradient that arrives",
        "tensor",
        "(self, lambda g: g * b), (other, lambda g: g * a)",
        "(self, lambda g: b * np.ones_like(g)), (other, lambda g: a * np.ones_like(g))",
        message="leaves out the gradient that arrives",
    ),
    Mutant(
        "multiply_by_number_passes_unscaled",
        "passes the gradient on unchanged where the other operand is a number",
        "tensor",
        "(self, lambda g: g * b), (other, lambda g: g * a)",
        "(self, lambda g: g * b if other.requires_grad else g), (other, lambda g: g * a)",
    ),
    Mutant(
        "multiply_sums_too_early",
        "sums over the axis that a was broadcast along before multiplying by b",
        "tensor",
        "(self, lambda g: g * b), (other, lambda g: g * a)",
        "(self, lambda g: g.sum(axis=-1, keepdims=True) * b if a.shape[-1:] == (1,) else g * b),\n"
        "            (other, lambda g: g * a)",
        message="before it multiplies",
    ),
    # a / b
    Mutant(
        "divide_left_not_divided",
        "passes the gradient on to a as in a sum",
        "tensor",
        "(self, lambda g: g / b)",
        "(self, lambda g: g)",
        message="leaves b out",
    ),
    Mutant(
        "divide_right_positive",
        "loses the minus of the derivative of 1 / b",
        "tensor",
        "-g * a / (b * b)",
        "g * a / (b * b)",
        message="has the wrong sign",
    ),
    Mutant(
        "divide_right_not_squared",
        "divides the gradient of b by b instead of its square",
        "tensor",
        "-g * a / (b * b)",
        "-g * a / b",
        message="is -v * a / b",
    ),
    # Broadcasting: the gradient has the shape of the operand.
    Mutant(
        "unbroadcast_missing_left",
        "sums the gradient of the second operand only, as if biases were always added last",
        "autograd",
        "for parent, product in node.edges:\n"
        "            part = _sum_to_shape(as_array(product(cotangent)), parent.shape)",
        "for index, (parent, product) in enumerate(node.edges):\n"
        "            part = as_array(product(cotangent))\n"
        "            part = _sum_to_shape(part, parent.shape) if index else part",
        message="not summed over the axes",
    ),
    Mutant(
        "unbroadcast_missing_right",
        "sums the gradient of the first operand only",
        "autograd",
        "for parent, product in node.edges:\n"
        "            part = _sum_to_shape(as_array(product(cotangent)), parent.shape)",
        "for index, (parent, product) in enumerate(node.edges):\n"
        "            part = as_array(product(cotangent))\n"
        "            part = part if index else _sum_to_shape(part, parent.shape)",
        message="not summed over the axes",
    ),
    Mutant(
        "unbroadcast_leading_axes_only",
        "sums over the axes that were added, not over those that were broadcast from 1",
        "autograd",
        "np.reshape(g.sum(axis=(*range(added), *stretched)), shape)",
        "g.sum(axis=tuple(range(added)))",
        message="not summed over the axes",
    ),
    Mutant(
        "unbroadcast_axes_of_one_only",
        "sums over the axes that were broadcast from 1, not over those that were added",
        "autograd",
        "np.reshape(g.sum(axis=(*range(added), *stretched)), shape)",
        "g.sum(axis=tuple(stretched), keepdims=True)",
        message="not summed over the axes",
    ),
    Mutant(
        "unbroadcast_first_leading_axis_only",
        "sums over the first axis that was added and takes the first slice of the others",
        "autograd",
        "g.sum(axis=(*range(added), *stretched))",
        "g.sum(axis=(*range(min(added, 1)), *stretched))[(0,) * (added - 1)]",
        message="along one of several broadcast axes only",
    ),
    Mutant(
        "unbroadcast_first_axis_only",
        "stops at the first axis that was broadcast and takes the first slice of the others",
        "autograd",
        "np.reshape(g.sum(axis=(*range(added), *stretched)), shape)",
        "np.reshape(\n"
        "        g.sum(axis=(*range(added), *stretched[:1]), keepdims=True)[\n"
        "            tuple(slice(1) if i in stretched else slice(None) for i in range(g.ndim))\n"
        "        ],\n"
        "        shape,\n"
        "    )",
        message="along one of several broadcast axes only",
    ),
    Mutant(
        "unbroadcast_averages",
        "averages over the axes that were broadcast",
        "autograd",
        "g.sum(axis=(*range(added), *stretched))",
        "g.mean(axis=(*range(added), *stretched))",
        message="the number of places whose gradients it adds up",
    ),
    Mutant(
        "unbroadcast_drops_axes_of_one",
        "sums without keepdims, so that an axis of length 1 is lost",
        "autograd",
        "np.reshape(g.sum(axis=(*range(added), *stretched)), shape)",
        "g.sum(axis=(*range(added), *stretched))",
        message="loses an axis of length 1",
    ),
    Mutant(
        "gradient_of_scalar_gets_an_axis",
        "stores the gradient of a 0-d tensor in shape (1,)",
        "autograd",
        "leaf.grad = np.asarray(before + cotangent, dtype=Tensor.precision)",
        "leaf.grad = np.atleast_1d(np.asarray(before + cotangent, dtype=Tensor.precision))",
        message="not the shape of what it belongs to",
    ),
)

MUTANTS = (*ARITHMETIC, *MATMUL, *SELECTION, *REDUCTIONS, *FUNCTIONS, *RECORDING, *WALK)
