"""The properties of this course: a file or a folder of checks for each module."""
