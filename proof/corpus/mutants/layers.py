"""Mistakes in module 03, layers."""

from __future__ import annotations

from proof.corpus.mutants import layers_dropout, layers_linear

MUTANTS = (*layers_linear.MUTANTS, *layers_dropout.MUTANTS)
