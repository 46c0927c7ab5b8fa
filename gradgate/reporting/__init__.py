"""Results as text, as data, and as live progress: a file for each outlet."""
