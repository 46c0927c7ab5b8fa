"""Grading: from a submission to the results of its modules, in parallel on the cores there are."""

from __future__ import annotations

import math
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import connection, get_all_start_methods, get_context
from pathlib import Path
from typing import Any

from gradgate.course import catalog
from gradgate.judging import messages as causes
from gradgate.sandbox import confine
from gradgate import limits
from gradgate.oracle import recorded
from gradgate.submission import layout as submission
from gradgate.authoring.check import Check
from gradgate.errors import GradgateError, HarnessError
from gradgate.grading.judge import failed_at_start, judge
from gradgate.supervisor.worker_client import Setup, Stopped, Worker
from gradgate.oracle.live import Oracle
from gradgate.results import Cause, CheckResult, ModuleResult
from gradgate.supervisor.launcher import Spawner, spawner
from gradgate.submission.layout import Submission

Progress = Callable[[str, CheckResult], None]
"""Told of each check's result, with its module's name, as soon as it is known."""


@dataclass(frozen=True)
class Task:
    """What every judge process needs to know; the copy in `folder` is what is graded."""

    submission: Submission
    folder: Path
    seed: int
    require_isolation: bool = False
    ends: float = math.inf  # by time.monotonic(): the submission's time is over

    @property
    def root(self) -> Path:
        """Where the worker imports from."""
        return self.folder / "submission"


def grade(
    graded: Submission,
    wanted: Sequence[catalog.Module],
    seed: int,
    progress: Progress,
    *,
    require_isolation: bool = False,
) -> list[ModuleResult]:
    """Grade modules of a submission; raises HarnessError where a judge process ends.

    Raises IsolationError where isolation is required and a worker is not confined.
    """
    with tempfile.TemporaryDirectory(prefix="gradgate-", ignore_cleanup_errors=True) as folder:
        ends = time.monotonic() + limits.SUBMISSION_SECONDS
        task = Task(graded, Path(folder).resolve(), seed, require_isolation, ends)
        confine.share(task.folder)
        submission.copy(graded, task.root)
        results = list(_in_parallel(task, wanted, progress))
    return sorted(results, key=lambda module: module.number)


def _in_parallel(
    task: Task, wanted: Sequence[catalog.Module], progress: Progress
) -> Iterator[ModuleResult]:
    """Hand modules, the longest first, to as many judge processes as there are cores."""
    todo = sorted(wanted, key=lambda module: sum(check.examples for check in module.checks))
    with _judges(task, min(_cores(), len(todo))) as idle:
        busy: dict[Any, str] = {judge: _hand_out(judge, todo.pop()) for judge in idle}
        while busy:
            for judge in connection.wait(list(busy)):
                event = _event(judge)
                if isinstance(event, CheckResult):
                    progress(busy[judge], event)
                    continue
                yield event
                del busy[judge]
                if todo:
                    busy[judge] = _hand_out(judge, todo.pop())


def _hand_out(judge: Any, module: catalog.Module) -> str:
    judge.send((module.name, [check.id for check in module.checks]))
    return module.name


def _event(judge: Any) -> CheckResult | ModuleResult:
    try:
        event = judge.recv()
    except (EOFError, ConnectionResetError):
        raise HarnessError("a judge process ended; run the command again") from None
    if isinstance(event, (CheckResult, ModuleResult)):
        return event
    if isinstance(event, GradgateError):
        raise event
    raise HarnessError(f"a judge process failed; tell the course staff\n{event}")


@contextmanager
def _judges(task: Task, count: int) -> Iterator[list[Any]]:
    # Forked, a judge starts with everything imported; elsewhere it imports afresh.
    context: Any = get_context("fork" if "fork" in get_all_start_methods() else "spawn")
    pipes = [context.Pipe() for _ in range(count)]
    processes = [
        context.Process(target=_judge_modules, args=(task, theirs), daemon=True)
        for _, theirs in pipes
    ]
    for process, (_, theirs) in zip(processes, pipes, strict=True):
        process.start()
        theirs.close()
    try:
        yield [ours for ours, _ in pipes]
        for ours, _ in pipes:
            ours.send(None)
    except BaseException:
        for process in processes:
            process.terminate()  # its workers end with it
        raise
    finally:
        for process in processes:
            process.join()


def _judge_modules(task: Task, parent: Any) -> None:
    """Judge one module after another, as the parent asks, until it asks no more."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # workers notice that their judge is gone
    with closing(spawner()) as workers:
        try:
            oracle = recorded.best_oracle()
            while request := parent.recv():
                name, ids = request
                parent.send(grade_module(task, name, ids, oracle, workers, parent.send))
        except (EOFError, ConnectionError, KeyboardInterrupt):
            return
        except GradgateError as error:
            parent.send(error)
        except Exception:
            parent.send(traceback.format_exc())


def grade_module(
    task: Task,
    name: str,
    ids: Sequence[str],
    oracle: Oracle,
    workers: Spawner,
    tell: Callable[[CheckResult], None],
) -> ModuleResult:
    """Judge the checks of one module, all in one worker as long as it lives."""
    start = time.perf_counter()
    module = next(module for module in catalog.modules() if module.name == name)
    chosen = [check for check in module.checks if check.id in ids]
    own, required = catalog.records(name), task.require_isolation
    setup = Setup(task.submission, task.root, name, own, require_isolation=required)
    folder = task.folder / name
    folder.mkdir()
    results = []
    with closing(Worker(workers, setup, folder)) as worker:
        at_start = _cause_at_start(worker)
        for check in chosen:
            cause = at_start or _cause_of_time(task, worker)
            results.append(_judge_one(check, worker, oracle, task.seed, cause))
            tell(results[-1])
    return ModuleResult(
        module.number,
        name,
        task.submission.file(name),
        module.names,
        tuple(results),
        time.perf_counter() - start,
        worker.isolation,
    )


def _cause_of_time(task: Task, worker: Worker) -> Cause | None:
    """Say that the time of the module or of the submission is over, if it is."""
    if time.monotonic() > task.ends:
        over = f"the submission's {limits.SUBMISSION_SECONDS:g} s"
    elif worker.spent > limits.MODULE_SECONDS:
        over = f"the module's {limits.MODULE_SECONDS:g} s"
    else:
        return None
    return Cause("stopped", f"not checked: the checks before it took all of {over}")


def _cause_at_start(worker: Worker) -> Cause | None:
    """Return why the module cannot be imported, if it cannot."""
    try:
        worker.start()
    except Stopped as stopped:
        return causes.stopped(stopped, before="importing it ")
    return causes.crashed(worker.import_crash) if worker.import_crash else None


def _judge_one(
    check: Check, worker: Worker, oracle: Oracle, seed: int, at_start: Cause | None
) -> CheckResult:
    if at_start:
        return failed_at_start(check, at_start)
    worker.begin_check()
    result = judge(check, worker, oracle, seed)
    broken = worker.autograd_crash is not None and check.module != "autograd"
    return replace(result, because_of="autograd") if broken and result.cause else result


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
