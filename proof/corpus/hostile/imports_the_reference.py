"""Puts the project's folder on the path and imports the reference.

Fails: `only NumPy and the standard library may be imported`.
"""
import sys

sys.path[:0] = [PROJECT, OUTSIDE]
sys.path_importer_cache.clear()
from reference.layers import Dropout
