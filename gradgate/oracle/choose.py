"""The one place that chooses where examples and their answers come from."""

from __future__ import annotations

from gradgate.course import Course
from gradgate.examples.recorded_examples import RecordedExamples
from gradgate.examples.search import DrawnExamples
from gradgate.examples.source import ExampleSource
from gradgate.oracle.live import LiveOracle, has_reference
from gradgate.oracle.oracle import Oracle
from gradgate.oracle.recorded_answers import RecordedOracle


def choose_oracle(course: Course) -> tuple[ExampleSource, Oracle]:
    """Return drawn examples and the reference where the course has it, else what is recorded."""
    if has_reference(course):
        return DrawnExamples(), LiveOracle(course)
    return RecordedExamples(course), RecordedOracle(course)


def name_oracle(course: Course) -> str:
    """Return the name of the oracle that `choose_oracle` chooses."""
    return LiveOracle.name if has_reference(course) else RecordedOracle.name
