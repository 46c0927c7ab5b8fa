"""Patches Hypothesis, so that it draws nothing, and loads a profile of its own.

Fails: `imports hypothesis: only NumPy and the standard library may be imported`.
"""
from hypothesis import settings

settings.register_profile("none", max_examples=1)
settings.load_profile("none")
