"""Checks of module 06: optimizers."""

from . import rules, several_parameters

NAMES = ("Optimizer", "SGD", "Adam", "AdamW")
PARTS = (rules, several_parameters)
