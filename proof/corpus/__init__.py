"""What is graded in the proof: `mutants`, `known_good` and `hostile` submissions."""
