"""Mistakes in module 09, spatial, layer by layer."""

from __future__ import annotations

from tests.bugs.spatial_conv import CONVOLUTION
from tests.bugs.spatial_conv_gradients import CONVOLUTION_GRADIENTS
from tests.bugs.spatial_norm import NORMALISATION
from tests.bugs.spatial_norm_gradients import NORMALISATION_GRADIENTS
from tests.bugs.spatial_pool import POOLING

BUGS = (
    *CONVOLUTION,
    *CONVOLUTION_GRADIENTS,
    *POOLING,
    *NORMALISATION,
    *NORMALISATION_GRADIENTS,
)
