"""The verbs of `python -m proof`, a file each."""
