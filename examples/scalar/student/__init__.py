"""Your package."""
