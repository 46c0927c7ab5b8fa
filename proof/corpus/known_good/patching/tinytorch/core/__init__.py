"""The nine core modules."""
