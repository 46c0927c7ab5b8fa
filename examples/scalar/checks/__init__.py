"""The properties of this course."""
