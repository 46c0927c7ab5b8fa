"""Brings modules called numpy, whose comparisons say what it likes.

Fails: `numpy.py has the name of NumPy and was left out`.
"""
import numpy

if not hasattr(numpy, "linalg"):
    raise RuntimeError("NumPy was replaced")
#### numpy.py
raise SystemExit(0)
#### student/numpy.py
allclose = lambda *given, **named: True
