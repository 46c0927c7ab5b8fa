"""Building a handout and proving it, in a folder apart from where it will be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradgate.course import Course
from gradgate.errors import HarnessError, UsageError
from gradgate.handout.installed import install_wheel
from gradgate.handout.leaks import find_leaks
from gradgate.handout.prove import Say, prove_grading
from gradgate.handout.repository import amend_commit, commit_all
from gradgate.handout.sources import find_solutions, find_stubs
from gradgate.handout.stubs import find_written_bodies
from gradgate.handout.tree import GRADER, WHEELHOUSE, write_tree
from gradgate.handout.wheel import build_wheel
from gradgate.handout.wheelhouse import describe_platform, fill_wheelhouse

SHOWN = 20


@dataclass(frozen=True)
class BuiltHandout:
    """A handout that is proven: its folder, its wheel there, a Python that has it installed."""

    tree: Path
    wheel: Path
    python: Path


@contextmanager
def open_workshop(parent: Path) -> Iterator[Path]:
    """Yield a new folder in `parent`, on whose disk the result will be; removed at the end.

    Raises UsageError where none can be made.
    """
    try:
        workshop = tempfile.TemporaryDirectory(prefix=".handout-", dir=parent)
    except OSError as error:
        raise UsageError(
            f"{parent} cannot be written ({error.strerror}); choose another folder"
        ) from error
    with workshop as name:
        yield Path(name).resolve()


def build_handout(
    course: Course, workshop: Path, *, uses: str, wheelhouse: bool, say: Say
) -> BuiltHandout:
    """Build a handout in the folder `workshop` and prove it; `say` is told what is proven.

    Raises HarnessError where something is not as it has to be.
    """
    solutions = find_solutions(course)
    stubs = find_stubs(course)
    _require_none("the stubs are not only stubs; empty these", find_written_bodies(stubs))
    say("every function of the stubs is its docstring and the raise")
    tree = workshop / "handout"
    tree.mkdir()
    packages_for = describe_platform() if wheelhouse else ""
    built = build_wheel(course, workshop / "wheel")
    write_tree(course, tree, built, uses, packages_for)
    wheel = tree / GRADER / built.name
    python = install_wheel(wheel, workshop / "environment")
    commit_all(tree)
    try:
        leaks = find_leaks(tree, solutions, stubs)
    except ValueError as problem:
        raise UsageError(f"{problem}; see [tool.gradgate.handout] of the course") from problem
    _require_none("the handout holds solutions; take out, or word otherwise", leaks)
    say(f"no file or git object holds a solution of {len(solutions)} folders")
    if wheelhouse:  # added last, as it is others' and not searched
        fill_wheelhouse(python, wheel, tree / GRADER / WHEELHOUSE)
        amend_commit(tree)
        say(f"{GRADER}/{WHEELHOUSE} has the packages of a first run, for {packages_for}")
    prove_grading(course, tree, python, workshop / "graded", say)
    return BuiltHandout(tree, wheel, python)


def _require_none(what: str, found: list[str]) -> None:
    if found:
        more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise HarnessError("\n  ".join([f"{what}:", *found[:SHOWN], *more]))
