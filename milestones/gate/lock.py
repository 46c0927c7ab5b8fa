"""Whether a milestone is unlocked: the modules it needs, graded unless their pass is on record."""

from __future__ import annotations

from collections.abc import Sequence

from gradgate.grading.root_cause import blame
from gradgate.course.catalog import Module
from gradgate.errors import HarnessError
from gradgate.grading.grade import grade
from gradgate.reporting.progress import shown
from gradgate.reporting.terminal import status
from gradgate.results import ModuleResult, Report
from gradgate.submission.layout import Submission
from milestones import records
from milestones.catalog import Milestone
from milestones.records import Record

SEED = 0  # as in `nox -s check`, so that both say the same


def graded(
    submission: Submission,
    wanted: Sequence[Module],
    record: Record,
    *,
    require_isolation: bool = False,
) -> tuple[Record, list[ModuleResult]]:
    """Grade modules that are not on record; returns the record with those that pass, and the rest.

    Raises HarnessError where a module could not be graded, IsolationError where isolation is
    required and not proven.
    """
    todo = [module for module in wanted if module.name not in record.modules]
    if not todo:
        return record, []
    with shown(todo) as progress:
        required = require_isolation
        results = blame(grade(submission, todo, SEED, progress, require_isolation=required))
    if Report("", SEED, "", results).could_not_check:
        raise HarnessError("some checks could not be made; tell the course staff")
    record = record.with_modules({module.name for module in results if module.passed})
    records.store(record)
    return record, [module for module in results if not module.passed]


def locked(milestone: Milestone, failing: Sequence[ModuleResult], submission: str) -> str:
    """Say what keeps a milestone locked and what to do about it, or nothing if it is unlocked."""
    missing = [module for module in failing if module.number in milestone.modules]
    if not missing:
        return ""
    first, last = milestone.needs[0].title, milestone.needs[-1].title
    lines = [f"Milestone {milestone.number:02d} is locked: it needs modules {first} to {last}."]
    lines += [f"  {module.title:<16}{state(module)}" for module in missing]
    number = f"{missing[0].number:02d}"
    return "\n".join([*lines, f"Begin with {number}: nox -s check -- {number}{submission}"])


def state(module: ModuleResult) -> str:
    """Say in a few words how far a module that does not pass is."""
    passed = len(module.gating) - len(module.failures)
    return f"{status(module)}, {passed} of {len(module.gating)} checks pass"
