"""Module 05: my Tensor records from the start, so there is nothing to switch on."""

from .tensor import Tensor

__all__ = ["Tensor", "enable_autograd"]


def enable_autograd():
    """Recording is always on."""
