"""What a person reads and looks at: tables, progress, and the page of a run with its pictures."""
