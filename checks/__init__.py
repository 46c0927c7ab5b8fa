"""The checks: one file of properties per module, and in `engine` what runs them."""
