"""Checks of module 03: layers."""

from . import dropout, linear, sequential

NAMES = ("Layer", "Linear", "Dropout", "Sequential")
PARTS = (linear, dropout, sequential)
