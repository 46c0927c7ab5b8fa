"""Recorded answers: the oracle of a course without its reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gradgate.authoring.check import Check
from gradgate.course import Course, Module
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.examples.recording import Recorded, list_recorded, write_recording
from gradgate.examples.search import DrawnExamples, draw_simple
from gradgate.oracle.live import LiveOracle
from gradgate.protocol.values import Answer

SEED = 0


class RecordedOracle:
    """Knows the answers to the recorded examples only."""

    name = "recorded"

    def __init__(self, course: Course) -> None:
        """Read the recordings of this course."""
        self._course = course

    def answers(self, check: Check, example: Example) -> Sequence[Answer]:
        """Return the recorded answers; raises HarnessError for inputs that were not recorded."""
        known = list_recorded(self._course, check, example.run_seed)
        if example.key not in known:
            raise HarnessError(f"no answer is recorded for these inputs of {check.id}")
        return known[example.key].answers


def record_answers(course: Course, module: Module, oracle: LiveOracle, folder: Path) -> Path:
    """Draw examples of every check of a module and write them with the oracle's answers."""
    file = folder / f"{module.name}.gz"
    write_recording(file, course, module, _answer_examples(module, oracle))
    return file


def _answer_examples(module: Module, oracle: LiveOracle) -> Iterator[tuple[str, Recorded]]:
    """Yield every check's examples, the smallest first, with the oracle's answers.

    Nothing is made smaller where recorded answers are used. So simple examples are recorded beside
    those by which a check is judged: the first that fails is then a small one.
    """
    source = DrawnExamples()
    for check in module.checks:
        both = [*source.examples(check, SEED), *draw_simple(check, SEED)]
        drawn = {example.key: example for example in both}
        for example in sorted(drawn.values(), key=lambda example: example.size):
            yield check.id, Recorded(example, oracle.answers(check, example))
