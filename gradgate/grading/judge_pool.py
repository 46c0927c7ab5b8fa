"""Processes that judge: jobs go out one at a time, events and results come back."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_all_start_methods, get_context
from typing import Any, Generic, TypeVar

from gradgate.errors import GradgateError, HarnessError

ENDED = "a judge process ended; run the command again"

Job = TypeVar("Job")
Event = TypeVar("Event")
Result = TypeVar("Result")

Work = Callable[[Job, Callable[[Event], None]], Result]
"""Does one job; calls its second argument with whatever is to be known before the result is."""


@dataclass(frozen=True)
class _Event(Generic[Event]):
    """What is known before a result is."""

    value: Event


@dataclass(frozen=True)
class _Result(Generic[Result]):
    """What a job came to."""

    value: Result


def run_jobs(
    jobs: Sequence[Job],
    start: Callable[[], AbstractContextManager[Work[Job, Event, Result]]],
    on_event: Callable[[Event], None],
    processes: int = 0,
) -> Iterator[Result]:
    """Do jobs in as many processes as there are cores, or `processes`; yields results as they come.

    Each process calls `start` once, for what does the jobs; the context ends with the process. What
    is handed over has to be picklable where processes cannot be forked. Raises the GradgateError
    that a job raises, and HarnessError where it raises another or its process ends.
    """
    todo = list(reversed(jobs))
    with _run_processes(start, min(processes or count_cores(), len(todo))) as judges:
        busy: set[Any] = set()
        for idle in judges:
            _send(idle, todo.pop())
            busy.add(idle)
        while busy:
            ready: list[Any] = connection.wait(list(busy))
            for judge in ready:
                message = _receive(judge)
                if isinstance(message, _Event):
                    on_event(message.value)
                    continue
                yield message.value
                busy.discard(judge)
                if todo:
                    _send(judge, todo.pop())
                    busy.add(judge)


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _send(judge: Any, job: object) -> None:
    try:
        judge.send(job)
    except ConnectionError:
        raise HarnessError(ENDED) from None


def _receive(judge: Any) -> Any:
    try:
        message = judge.recv()
    except (EOFError, ConnectionError):
        raise HarnessError(ENDED) from None
    if isinstance(message, GradgateError):
        raise message
    if isinstance(message, str):
        raise HarnessError(f"a judge process failed; tell the course staff\n{message}")
    return message


@contextmanager
def _run_processes(start: Callable[[], Any], count: int) -> Iterator[list[Any]]:
    # Forked, a judge starts with everything imported; elsewhere it imports afresh.
    context: Any = get_context("fork" if "fork" in get_all_start_methods() else "spawn")
    pipes = [context.Pipe() for _ in range(count)]
    judges = [
        context.Process(target=_serve, args=(start, theirs), daemon=True) for _, theirs in pipes
    ]
    for judge, (_, theirs) in zip(judges, pipes, strict=True):
        judge.start()
        theirs.close()
    try:
        yield [ours for ours, _ in pipes]
        for ours, _ in pipes:
            with suppress(ConnectionError):  # it has done its jobs, and ended by itself
                ours.send(None)
    except BaseException:
        for judge in judges:
            judge.terminate()  # its workers end with it
        raise
    finally:
        for judge in judges:
            judge.join()


def _serve(start: Callable[[], Any], parent: Any) -> None:
    """Do one job after another, as the parent asks, until it asks no more."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # workers notice that their judge is gone
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends its judges
    try:
        with start() as work:
            while (job := parent.recv()) is not None:
                result = work(job, lambda event: parent.send(_Event(event)))
                parent.send(_Result(result))
    except (EOFError, ConnectionError):
        return
    except GradgateError as error:
        parent.send(error)
    except Exception:
        parent.send(traceback.format_exc())
