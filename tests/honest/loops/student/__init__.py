"""My nine modules."""
