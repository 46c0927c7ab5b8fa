"""Brings modules called numpy, whose comparisons say what it likes.

Fails: `student/numpy.py`.
"""
import numpy

if not hasattr(numpy, "linalg"):
    raise RuntimeError("NumPy was replaced")
#### numpy.py
raise SystemExit(0)
#### student/numpy.py
allclose = lambda *given, **named: True
