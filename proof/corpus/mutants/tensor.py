"""Mistakes in module 01, tensor."""

from __future__ import annotations

from proof.corpus.mutants import tensor_arithmetic, tensor_products, tensor_shapes, tensor_values

MUTANTS = (
    *tensor_values.MUTANTS,
    *tensor_arithmetic.MUTANTS,
    *tensor_products.MUTANTS,
    *tensor_shapes.MUTANTS,
)
