"""Mistakes in module 03, layers."""

from __future__ import annotations

from tests.bugs import layers_dropout, layers_linear

BUGS = (*layers_linear.BUGS, *layers_dropout.BUGS)
