"""How often a correct submission fails: `nox -s false_alarms -- [SUBMISSION] [EXAMPLES]`.

Grades it at one seed after another until enough examples were judged; prints every failure.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from gradgate.course import load_course
from gradgate.grading.grade import grade
from gradgate.submission.layout import find_submission

PROJECT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Print the count of examples and failures; exit code 1 if there was any failure."""
    path = Path(arguments[0] if arguments else "reference")
    wanted = int(arguments[1]) if len(arguments) > 1 else 100_000
    course = load_course(PROJECT)
    submission = find_submission(path, course)
    examples = failures = seed = 0
    while examples < wanted:
        seed += 1
        for module in grade(submission, course, course.modules, seed, lambda name, check: None):
            examples += sum(check.examples for check in module.gating)
            failures += len(module.failures)
            for check in module.failures:
                print(f"seed {seed}: {check.id}: {check.cause and check.cause.sentence}")
    print(f"{path}: {examples} examples at {seed} seeds, {failures} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
