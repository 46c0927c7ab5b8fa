"""Mistakes in module 09, spatial, layer by layer."""

from __future__ import annotations

from proof.corpus.mutants.spatial_conv import CONVOLUTION
from proof.corpus.mutants.spatial_conv_gradients import CONVOLUTION_GRADIENTS
from proof.corpus.mutants.spatial_norm import NORMALISATION
from proof.corpus.mutants.spatial_norm_gradients import NORMALISATION_GRADIENTS
from proof.corpus.mutants.spatial_pool import POOLING

MUTANTS = (
    *CONVOLUTION,
    *CONVOLUTION_GRADIENTS,
    *POOLING,
    *NORMALISATION,
    *NORMALISATION_GRADIENTS,
)
