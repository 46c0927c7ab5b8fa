"""Mistakes in module 01, tensor."""

from __future__ import annotations

from proof.corpus.mutants import tensor_arithmetic, tensor_products, tensor_shapes, tensor_values

BUGS = (
    *tensor_values.BUGS,
    *tensor_arithmetic.BUGS,
    *tensor_products.BUGS,
    *tensor_shapes.BUGS,
)
