"""Checks of module 06: optimizers."""

from . import parameters, rules

NAMES = ("Optimizer", "SGD", "Adam", "AdamW")
PARTS = (rules, parameters)
