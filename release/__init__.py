"""What makes the files that are handed on. Staff only."""
