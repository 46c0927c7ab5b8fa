"""Checks of module 01: Tensor."""

from . import arithmetic, construction, more, products, reductions, shapes

NAMES = ("Tensor",)
PARTS = (construction, arithmetic, products, shapes, reductions, more)
