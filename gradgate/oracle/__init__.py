"""What the right answers are: the reference's, live or recorded."""
