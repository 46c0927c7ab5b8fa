"""Whether a milestone is unlocked: the modules it needs, graded unless their pass is on record."""

from __future__ import annotations

from collections.abc import Sequence

from gradgate.course import Course, Module
from gradgate.errors import HarnessError
from gradgate.grading.grade import grade
from gradgate.grading.root_cause import attribute_failures
from gradgate.reporting.progress import show_progress
from gradgate.results import ModuleResult, could_not_check
from gradgate.submission.layout import Submission
from gradgate.text import spell_command

from ..definition import Milestone
from .pass_cache import Record, store_record

SEED = 0  # as in `nox -s check`, so that both say the same


def grade_modules(
    course: Course,
    submission: Submission,
    modules: Sequence[Module],
    record: Record,
    *,
    require_isolation: bool = False,
) -> tuple[Record, list[ModuleResult]]:
    """Grade modules that are not on record; returns the record with those that pass, and the rest.

    Raises HarnessError where a module could not be graded, IsolationError where isolation is
    required and not proven.
    """
    todo = [module for module in modules if module.name not in record.modules]
    if not todo:
        return record, []
    with show_progress(todo) as progress:
        graded = grade(
            submission, course, todo, SEED, progress, require_isolation=require_isolation
        )
        results = attribute_failures(graded)
    if any(map(could_not_check, results)):
        raise HarnessError("some checks could not be made; tell the course staff")
    record = record.with_modules({module.name for module in results if module.passed})
    store_record(record)
    return record, [module for module in results if not module.passed]


def describe_lock(
    milestone: Milestone, course: Course, failing: Sequence[ModuleResult], submission: str
) -> str:
    """Say what keeps a milestone locked and what to do about it, or nothing if it is unlocked.

    `submission` is what makes the command look at the same submission, or empty.
    """
    missing = [module for module in failing if module.number in milestone.modules]
    if not missing:
        return ""
    modules = milestone.list_modules(course)
    lines = [
        f"Milestone {milestone.number:02d} is locked: "
        f"it needs modules {modules[0].title} to {modules[-1].title}."
    ]
    lines += [f"  {module.title:<16}{describe_progress(module)}" for module in missing]
    number = f"{missing[0].number:02d}"
    command = f"{spell_command('check')} {number}{submission}"
    return "\n".join([*lines, f"Begin with {number}: {command}"])


def describe_progress(module: ModuleResult) -> str:
    """Say in a few words how far a module that does not pass is."""
    passed = len(module.gating) - len(module.failures)
    return f"{module.status}, {passed} of {len(module.gating)} checks pass"
