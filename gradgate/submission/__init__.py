"""A submission: found, copied, and what of it is left out or differs."""
