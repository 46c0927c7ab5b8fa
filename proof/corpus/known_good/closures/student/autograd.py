"""Module 05: tensor.py records by itself, always."""

from .tensor import Tensor


class Function:
    """Not needed: operations are closures."""


def enable_autograd():
    return Tensor
