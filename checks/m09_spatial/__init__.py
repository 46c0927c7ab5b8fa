"""Checks of module 09: layers for images."""

from . import conv, norm, pool

NAMES = ("Conv2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d")
PARTS = (conv, pool, norm)
