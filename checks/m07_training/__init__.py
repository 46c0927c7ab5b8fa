"""Checks of module 07: training."""

from . import checkpoints, epochs, evaluation, schedule

NAMES = ("CosineSchedule", "clip_grad_norm", "Trainer")
PARTS = (schedule, epochs, evaluation, checkpoints)
