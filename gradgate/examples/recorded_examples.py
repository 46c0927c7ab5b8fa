"""Examples that were recorded, for a course without its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradgate.authoring.check import Check
from gradgate.course import Course
from gradgate.examples.example import Example
from gradgate.examples.recording import list_recorded


class RecordedExamples:
    """Yields the recorded examples of a check, the smallest first, whatever the seed."""

    def __init__(self, course: Course) -> None:
        """Read the recordings of this course."""
        self._course = course

    def search(self, check: Check, seed: int, fails: Callable[[Example], bool]) -> None:
        """Put the recorded examples to `fails` until one fails: the smallest that does."""
        for example in self.examples(check, seed):
            if fails(example):
                return

    def examples(self, check: Check, seed: int) -> Sequence[Example]:
        """Return the recorded examples; raises HarnessError where they cannot be used."""
        return [one.example for one in list_recorded(self._course, check, seed).values()]
