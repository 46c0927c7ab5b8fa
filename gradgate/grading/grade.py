"""Grading: from a submission to the results of its modules, in parallel on the cores there are."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gradgate.authoring.check import Check
from gradgate.course import Course, Module, load_course
from gradgate.examples.source import ExampleSource
from gradgate.grading.judge import fail_at_start, judge
from gradgate.grading.judge_pool import Work, run_jobs
from gradgate.judging.counterexample import Bench
from gradgate.judging.messages import describe_crash, describe_stopped
from gradgate.limits import Limits
from gradgate.oracle.choose import choose_oracle
from gradgate.oracle.oracle import Oracle
from gradgate.results import Cause, CheckResult, ModuleResult, Progress
from gradgate.sandbox.user import share
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import Submission
from gradgate.supervisor.launcher import Launcher, make_launcher
from gradgate.supervisor.worker_client import Setup, Stopped, WorkerClient


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every judge process needs to know.

    `course` is the folder of the course; the copy below `folder` is what is graded. `ends`, by
    time.monotonic(), is when the submission's time is over.
    """

    course: Path
    submission: Submission
    folder: Path
    seed: int
    limits: Limits
    require_isolation: bool = False
    ends: float = math.inf

    @property
    def root(self) -> Path:
        """Where the worker imports from."""
        return self.folder / "submission"


@dataclass(frozen=True)
class Job:
    """A module to grade, by these of its checks."""

    module: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Tools:
    """What a judge process keeps from one module to the next."""

    launcher: Launcher
    source: ExampleSource
    oracle: Oracle


def grade(
    submission: Submission,
    course: Course,
    wanted: Sequence[Module],
    seed: int,
    progress: Progress,
    *,
    require_isolation: bool = False,
) -> list[ModuleResult]:
    """Grade modules of a submission, in course order.

    Raises HarnessError where a judge process ends, IsolationError where isolation is required and
    a worker is not confined.
    """
    limits = course.limits
    with tempfile.TemporaryDirectory(prefix="gradgate-", ignore_cleanup_errors=True) as folder:
        task = Task(
            course=course.folder,
            submission=submission,
            folder=Path(folder).resolve(),
            seed=seed,
            limits=limits,
            require_isolation=require_isolation,
            ends=time.monotonic() + limits.submission_seconds,
        )
        share(task.folder)
        copy_submission(submission, task.root, limits)
        # The longest first, so that none is begun last.
        order = sorted(wanted, key=lambda module: sum(c.examples for c in module.checks))
        jobs = [Job(m.name, tuple(check.id for check in m.checks)) for m in reversed(order)]
        results = list(run_jobs(jobs, partial(judge_modules, task), lambda e: progress(*e)))
    return sorted(results, key=lambda module: module.number)


@contextmanager
def judge_modules(task: Task) -> Iterator[Work[Job, tuple[str, CheckResult], ModuleResult]]:
    """Yield what judges one module after another in this process."""
    source, oracle = choose_oracle(load_course(task.course))
    with closing(make_launcher(task.course)) as launcher:
        tools = Tools(launcher, source, oracle)

        def work(job: Job, tell: Callable[[tuple[str, CheckResult]], None]) -> ModuleResult:
            return grade_module(task, job, tools, lambda result: tell((job.module, result)))

        yield work


def grade_module(
    task: Task, job: Job, tools: Tools, tell: Callable[[CheckResult], None]
) -> ModuleResult:
    """Judge the checks of one module, all in one worker as long as it lives."""
    start = time.perf_counter()
    course = load_course(task.course)
    module = course.module(job.module)
    setup = Setup(
        submission=task.submission,
        root=task.root,
        module=job.module,
        course=task.course,
        limits=task.limits,
        require_isolation=task.require_isolation,
    )
    folder = task.folder / job.module
    folder.mkdir()
    results = []
    with closing(WorkerClient(tools.launcher, setup, folder)) as worker:
        bench = Bench(
            course=course, worker=worker, source=tools.source, oracle=tools.oracle, seed=task.seed
        )
        at_start = _find_cause_at_start(worker)
        for check in module.checks:
            if check.id in job.checks:
                results.append(_judge_one(check, bench, at_start or _find_overtime(task, worker)))
                tell(results[-1])
    return ModuleResult(
        number=module.number,
        name=module.name,
        file=task.submission.file(module.name),
        names=module.names,
        checks=tuple(results),
        seconds=time.perf_counter() - start,
        isolation=worker.isolation,
    )


def _find_overtime(task: Task, worker: WorkerClient) -> Cause | None:
    """Say that the time of the module or of the submission is over, if it is."""
    if time.monotonic() > task.ends:
        over = f"the submission's {task.limits.submission_seconds:g} s"
    elif worker.spent > task.limits.module_seconds:
        over = f"the module's {task.limits.module_seconds:g} s"
    else:
        return None
    return Cause(kind="stopped", sentence=f"not checked: the checks before it took all of {over}")


def _find_cause_at_start(worker: WorkerClient) -> Cause | None:
    """Return why the module cannot be imported, if it cannot."""
    try:
        worker.start()
    except Stopped as stopped:
        return describe_stopped(stopped, before="importing it ")
    return describe_crash(worker.import_crash, worker.limits) if worker.import_crash else None


def _judge_one(check: Check, bench: Bench, at_start: Cause | None) -> CheckResult:
    if at_start:
        return fail_at_start(check, at_start)
    bench.worker.begin_check()
    result = judge(check, bench)
    activation = bench.course.settings.activation
    crashed = activation is not None and bench.worker.activation_crash is not None
    own = activation is None or check.module == activation.module
    if activation is None or own or not crashed or result.outcome != "failed":
        return result
    return replace(result, because_of=activation.module)
