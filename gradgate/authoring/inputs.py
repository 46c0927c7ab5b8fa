"""The inputs of one example."""

from typing import Any

Inputs = dict[str, Any]
"""Named inputs: NumPy arrays and JSON values (numbers, strings, lists, dicts, None)."""
