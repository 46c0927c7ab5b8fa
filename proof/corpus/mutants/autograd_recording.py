"""Mistakes in module 05, autograd: what is recorded, and enable_autograd."""

from __future__ import annotations

from proof.mutant import Mutant

RECORDS = "result.edges = tuple(edge for edge in edges if edge[0].requires_grad)"

MUTANTS = (
    # What requires a gradient
    Mutant(
        "records_where_all_require",
        "records an operation only where all its operands require a gradient",
        "tensor",
        RECORDS,
        "needed = all(edge[0].requires_grad for edge in edges)\n"
        "            result.edges = edges if needed else ()",
    ),
    Mutant(
        "records_where_left_requires",
        "asks only the left operand whether it requires a gradient",
        "tensor",
        RECORDS,
        "needed = edges and edges[0][0].requires_grad\n"
        "            result.edges = tuple(e for e in edges if needed and e[0].requires_grad)",
    ),
    Mutant(
        "constants_start_to_require",
        "sets requires_grad on every operand of a recorded operation",
        "tensor",
        RECORDS,
        "needed = any(edge[0].requires_grad for edge in edges)\n"
        "            for operand, _ in edges:\n"
        "                operand.requires_grad = needed\n"
        "            result.edges = edges if needed else ()",
    ),
    Mutant(
        "records_an_operand_once",
        "keeps parents in a set, so that x * x passes one contribution on",
        "tensor",
        RECORDS,
        "known = {edge[0]: edge for edge in edges if edge[0].requires_grad}\n"
        "            result.edges = tuple(known.values())",
        message="it lacks v * x",
    ),
    # enable_autograd
    Mutant(
        "enable_again_records_twice",
        "wraps every operation again, so that it is recorded once per call of enable_autograd",
        "autograd",
        "    Tensor.backward = backward\n",
        "    if Tensor.recording:\n"
        "        once = Tensor.from_op\n"
        "        Tensor.from_op = staticmethod(lambda y, *edges: once(y, *edges, *edges))\n"
        "    Tensor.backward = backward\n",
        message="is the right one times 2.",
    ),
    Mutant(
        "enable_again_forgets_graph",
        "starts a new, empty record at every call of enable_autograd",
        "autograd",
        "    Tensor.backward = backward\n",
        "    import gc\n\n"
        "    for known in gc.get_objects():\n"
        "        if isinstance(known, Tensor):\n"
        "            known.edges = ()\n"
        "    Tensor.backward = backward\n",
        message="it lacks v * x",
    ),
)
