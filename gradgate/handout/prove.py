"""The proof of a handout: packages whose verdict is known are graded in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from gradgate.course import Course
from gradgate.errors import HarnessError
from gradgate.grading.grade import grade
from gradgate.grading.root_cause import attribute_failures
from gradgate.grading.versions import find_versions
from gradgate.handout.installed import Verdict, grade_with, summarize
from gradgate.handout.sources import find_reference, find_stubs, name_stubs
from gradgate.handout.tree import GRADER
from gradgate.handout.wrong_package import write_wrong
from gradgate.oracle.choose import name_oracle
from gradgate.oracle.recorded_answers import RecordedOracle
from gradgate.results import Report
from gradgate.submission.layout import find_submission

SEED = 0
SHOWN = 20
Say = Callable[[str], None]


def prove_grading(course: Course, tree: Path, python: Path, folder: Path, say: Say) -> None:
    """Grade known packages in copies of the handout `tree`, with the grader installed from it.

    `python` is that of the environment it is installed in, `folder` a place for the copies. Raises
    HarnessError, which names what differs, where a verdict is not what it has to be.
    """

    def grade_copy(name: str, package: Path) -> Verdict:
        copy = copy_with_package(tree, name_stubs(course), package, folder / name)
        verdict = grade_with(python, copy, copy)
        if verdict.oracle != RecordedOracle.name:
            raise HarnessError(f"the handout grades {name} by the oracle {verdict.oracle!r}")
        unknown = [name for name, it in verdict.outcomes.items() if it == "could not check"]
        if unknown:
            raise HarnessError(f"the handout cannot check {_join(unknown)} of {name}")
        return verdict

    _prove_right(grade_copy("the reference", find_reference(course)), say)
    _prove_worthless("the stubs", grade_copy("the stubs", find_stubs(course)), say)
    empty = folder / "nothing"
    empty.mkdir()
    (empty / "__init__.py").touch()
    _prove_worthless("an empty package", grade_copy("an empty package", empty), say)
    wrong = folder / "wrong"
    changed = write_wrong(find_reference(course), course.names, wrong)
    verdict = grade_copy("a wrong package", wrong)
    live = grade_live(course, folder / "a wrong package")
    _prove_wrong(changed, verdict, live, say)


def copy_with_package(tree: Path, stubs: Path, package: Path, into: Path) -> Path:
    """Copy a handout with a package in the place of its stubs; returns the copy."""
    ignore = shutil.ignore_patterns(".git", GRADER, "__pycache__")  # the grader is installed
    shutil.copytree(tree, into, ignore=ignore)
    shutil.rmtree(into / stubs)
    shutil.copytree(package, into / stubs, ignore=shutil.ignore_patterns("__pycache__"))
    return into


def grade_live(course: Course, submission: Path) -> Verdict:
    """Grade a submission here, with the course's reference."""
    results = grade(
        find_submission(submission, course), course, course.modules, SEED, lambda *_: None
    )
    report = Report(
        submission=str(submission),
        seed=SEED,
        oracle=name_oracle(course),
        versions=find_versions(course),
        modules=attribute_failures(results),
    )
    return summarize(report)


def list_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Say of each check whose outcome differs what it was and what it is."""
    ids = sorted(before.keys() | after.keys())
    told = [(name, before.get(name, "not there"), after.get(name, "not there")) for name in ids]
    return [f"{name}: {was} → {now}" for name, was, now in told if was != now]


def _prove_right(verdict: Verdict, say: Say) -> None:
    wrong = [name for name, passed in verdict.modules.items() if not passed]
    if wrong:
        failing = [name for name, outcome in verdict.outcomes.items() if outcome != "passed"]
        raise HarnessError(
            f"in the handout the reference does not pass {', '.join(wrong)}: {_join(failing)}; "
            "grade it with the course first: nox -s check -- --submission reference"
        )
    say(
        f"the reference passes {len(verdict.modules)} of {len(verdict.modules)} modules, "
        f"{verdict.points} of {verdict.possible} points"
    )


def _prove_worthless(name: str, verdict: Verdict, say: Say) -> None:
    if verdict.points:
        passed = [name for name, outcome in verdict.outcomes.items() if outcome == "passed"]
        raise HarnessError(
            f"in the handout {name} gets points; let these checks ask for more: {_join(passed)}"
        )
    say(f"{name}: 0 of {verdict.possible} points")


def _prove_wrong(changed: list[str], verdict: Verdict, live: Verdict, say: Say) -> None:
    changes = list_changes(live.outcomes, verdict.outcomes)
    if changes:
        raise HarnessError(
            "the handout grades a wrong package otherwise than the reference does "
            f"(with the reference → in the handout): {_join(changes)}; "
            "such a check depends on more than its inputs"
        )
    outcomes = [*verdict.outcomes.values()]
    failed, passed = outcomes.count("failed"), outcomes.count("passed")
    if not failed or not passed:
        raise HarnessError(
            f"the wrong package, changed in {', '.join(changed) or 'no module'}, shows nothing: "
            f"of {len(outcomes)} checks {failed} fail and {passed} pass; "
            "let a check of a later module look at what it computes"
        )
    say(
        f"a wrong package, changed in {', '.join(changed)}, fails {failed} checks and passes "
        f"{passed}: the same ones as with the reference"
    )


def _join(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
