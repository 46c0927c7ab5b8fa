"""Whether an answer is right: comparison, and the search for a small counterexample."""
