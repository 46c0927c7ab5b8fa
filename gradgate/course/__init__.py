"""A course: found, loaded, and what the engine knows of it."""

from gradgate.course.catalog import Course, Module, load_course
from gradgate.course.find import find_course

__all__ = ["Course", "Module", "find_course", "load_course"]
