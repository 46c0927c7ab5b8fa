"""The examples that a check is judged by: drawn, or recorded."""
