"""Grading one package: which checks of a module fail, and after how many examples."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gradgate.course import catalog
from gradgate.submission import layout as submission
from gradgate.grading.grade import Task, grade_module
from gradgate.oracle.live import LiveOracle
from gradgate.results import CheckResult
from gradgate.supervisor.launcher import Spawner, spawner
from proof.harness import write

PROCESSES = 2
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
SHAPE = re.compile(r"shape \([^)]*\)")


@dataclass(frozen=True)
class Case:
    """A package to be graded: by which checks of which module, at which seed.

    Without `checks` all of the module's are made. `folder` is what the package's folder is called.
    """

    module: str
    name: str
    files: Mapping[str, str | bytes]
    seed: int
    checks: tuple[str, ...] = ()
    folder: str = "handed-in"


@dataclass(frozen=True)
class Outcome:
    """The checks that failed, in their order, and the seconds that grading took."""

    case: Case
    failed: tuple[CheckResult, ...]
    seconds: float

    @property
    def quickest(self) -> CheckResult:
        """The failed check that needed the fewest examples."""
        return min(self.failed, key=lambda check: check.examples)

    @property
    def numbers_shown(self) -> int | None:
        """How many numbers the first failure's counterexample shows, if it has inputs."""
        inputs = self.failed[0].inputs if self.failed else {}
        return len(NUMBER.findall(SHAPE.sub("", " ".join(inputs.values())))) if inputs else None


def outcomes(cases: Sequence[Case]) -> Iterator[Outcome]:
    """Grade cases in parallel; yields each outcome in the order of the cases."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        yield from pool.map(outcome, cases)


def outcome(case: Case) -> Outcome:
    """Grade one case in this process."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        results = _graded(prepared(Path(name).resolve(), case), case)
    failed = tuple(check for check in results if check.outcome != "passed" and not check.stretch)
    return Outcome(case, failed, time.perf_counter() - began)


def prepared(place: Path, case: Case) -> Task:
    """Lay out in a folder what grading a case begins with: the package, and the copy of it."""
    folder = write(place / case.folder, case.files)
    found = submission.find(folder, [module.name for module in catalog.modules()])
    task = Task(found, place / "graded", case.seed)
    submission.copy(found, task.root)
    return task


def _graded(task: Task, case: Case) -> tuple[CheckResult, ...]:
    module = next(module for module in catalog.modules() if module.name == case.module)
    ids = case.checks or [check.id for check in module.checks]
    return grade_module(task, case.module, ids, _oracle(), _workers(), ignore).checks


def ignore(result: CheckResult) -> None:
    """Nobody watches a single check."""


@cache
def _oracle() -> LiveOracle:
    return LiveOracle()


@cache
def _workers() -> Spawner:
    return spawner()  # for as long as this process lives
