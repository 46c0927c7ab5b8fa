"""Checks of module 05, autograd: the gradients of every operation, and backward itself."""

from . import backward, functions, operations

NAMES = ("enable_autograd",)
PARTS = (operations, functions, backward)
