"""Grading one package: which checks of a module fail, and after how many examples."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gradgate.examples.search import DrawnExamples
from gradgate.grading.grade import Job, Task, Tools, grade_module
from gradgate.grading.judge_pool import Work, run_jobs
from gradgate.oracle.live import LiveOracle
from gradgate.results import CheckResult
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import find_submission
from gradgate.supervisor.launcher import Launcher, make_launcher
from proof.harness import write
from proof.project import COURSE

PROCESSES = 2
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
SHAPE = re.compile(r"shape \([^)]*\)")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A package to be graded: by which checks of which module, at which seed.

    Without `checks` all of the module's are made. `folder` is what the package's folder is called.
    """

    module: str
    name: str
    files: Mapping[str, str | bytes]
    seed: int = 0
    checks: tuple[str, ...] = ()
    folder: str = "handed-in"


@dataclass(frozen=True)
class CaseResult:
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


def grade_cases(cases: Sequence[Case]) -> Iterator[CaseResult]:
    """Grade cases in parallel; yields what came of each, in the order of the cases."""
    waiting: dict[int, CaseResult] = {}
    following = 0
    for number, result in run_jobs(
        [*enumerate(cases)], _start_grading, lambda event: None, PROCESSES
    ):
        waiting[number] = result
        while following in waiting:
            yield waiting.pop(following)
            following += 1


@contextmanager
def _start_grading() -> Iterator[Work[tuple[int, Case], None, tuple[int, CaseResult]]]:
    """Yield what grades one case after another in this process."""
    with closing(make_launcher(COURSE.folder)) as launcher:
        tools = make_tools(launcher)
        yield lambda job, tell: (job[0], _grade(job[1], tools))


def grade_case(case: Case, tools: Tools | None = None) -> CaseResult:
    """Grade one case in this process, by the reference unless `tools` say otherwise."""
    return _grade(case, tools or _own_tools())


@cache
def _own_tools() -> Tools:
    return make_tools(make_launcher(COURSE.folder))  # for as long as this process lives


def make_tools(launcher: Launcher) -> Tools:
    """Return what grades by the reference, whatever is recorded."""
    return Tools(launcher, DrawnExamples(), LiveOracle(COURSE))


def _grade(case: Case, tools: Tools) -> CaseResult:
    began = time.perf_counter()
    module = COURSE.module(case.module)
    job = Job(case.module, case.checks or tuple(check.id for check in module.checks))
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        task = prepare(Path(name).resolve(), case)
        results = grade_module(task, job, tools, ignore).checks
    failed = tuple(check for check in results if check.outcome != "passed" and not check.stretch)
    return CaseResult(case, failed, time.perf_counter() - began)


def prepare(place: Path, case: Case) -> Task:
    """Lay out in a folder what grading a case begins with: the package, and the copy of it."""
    submission = find_submission(write(place / case.folder, case.files), COURSE)
    task = Task(
        course=COURSE.folder,
        submission=submission,
        folder=place / "graded",
        seed=case.seed,
        limits=COURSE.limits,
    )
    copy_submission(submission, task.root, task.limits)
    return task


def ignore(result: CheckResult) -> None:
    """Nobody watches a single check."""
