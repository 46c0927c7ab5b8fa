"""Proving the checks: every seeded bug is caught, nothing correct is failed. Staff only."""
