"""Checks of module 01: Tensor."""

from . import arithmetic, data, more, products, reductions, shapes

NAMES = ("Tensor",)
PARTS = (data, arithmetic, products, shapes, reductions, more)
