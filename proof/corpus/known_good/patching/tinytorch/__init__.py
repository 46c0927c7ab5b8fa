"""A small PyTorch in NumPy, grown module by module."""

__version__ = "0.1.0"
