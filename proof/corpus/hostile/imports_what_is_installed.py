"""Imports a package that the grader itself has installed, by its name and by its path.

Fails: `imports tabulate: only NumPy and the standard library may be imported`.
"""
import importlib.util, os, sys

packages = os.path.dirname(os.path.dirname(np.__file__))
sys.path.append(packages)
sys.path_importer_cache.clear()
import tabulate
