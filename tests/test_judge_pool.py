"""Judge processes do all jobs, tell what goes wrong in them, and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gradgate.errors import GradgateError, HarnessError, IsolationError, UsageError
from gradgate.grading.judge_pool import count_cores, run_jobs
from proof.project import PROJECT

# From Python 3.12 on, forking warns where a thread runs: those of other tests do.
pytestmark = [
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
    pytest.mark.timeout(60),
]

Tell = Callable[[Any], None]


def start_with(work: Callable[[Any, Tell], Any]) -> Callable[[], Any]:
    """Return what a process calls to begin, and which yields what does its jobs."""

    @contextmanager
    def start() -> Iterator[Callable[[Any, Tell], Any]]:
        yield work

    return start


def run(work: Callable[[Any, Tell], Any], jobs: Any, processes: int = 2) -> tuple[Any, Any]:
    """Do all jobs; return the results and the events."""
    events: list[Any] = []
    return list(run_jobs(list(jobs), start_with(work), events.append, processes)), events


def is_running(process: int) -> bool:
    """Tell whether a process exists."""
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_every_job_has_its_result() -> None:
    results, events = run(lambda job, tell: job * job, range(7))
    assert sorted(results) == [0, 1, 4, 9, 16, 25, 36]
    assert events == []


@pytest.mark.parametrize("result", [None, False, "text", ("a", {"b": [1]})])
def test_a_result_may_be_anything(result: Any) -> None:
    assert run(lambda job, tell: result, [0]) == ([result], [])


def test_without_jobs_there_are_no_results_and_no_processes() -> None:
    assert run(lambda job, tell: job, []) == ([], [])


def test_jobs_begin_in_the_order_given() -> None:
    results, _ = run(lambda job, tell: job, range(5), processes=1)
    assert results == [0, 1, 2, 3, 4]


def test_results_come_as_soon_as_they_are_known(tmp_path: Path) -> None:
    go_on = tmp_path / "go on"

    def work(job: str, tell: Tell) -> str:
        while job == "slow" and not go_on.exists():
            time.sleep(0.01)
        return job

    results = run_jobs(["slow", "quick"], start_with(work), print, 2)
    assert next(results) == "quick"
    go_on.touch()
    assert list(results) == ["slow"]


def test_events_come_before_the_result_and_in_order() -> None:
    seen: list[Any] = []

    def work(job: int, tell: Tell) -> str:
        tell((job, "first"))
        tell((job, "second"))
        return f"result of {job}"

    results = run_jobs([1, 2], start_with(work), seen.append, 1)
    seen.append(next(results))
    seen.append(next(results))
    assert seen == [
        *((1, "first"), (1, "second"), "result of 1"),
        *((2, "first"), (2, "second"), "result of 2"),
    ]


def test_more_jobs_than_processes_are_shared_out() -> None:
    def work(job: int, tell: Tell) -> int:
        time.sleep(0.02)
        return os.getpid()

    results, _ = run(work, range(9), processes=2)
    assert len(results) == 9
    assert len(set(results)) == 2
    assert os.getpid() not in results


def test_there_are_no_more_processes_than_jobs(tmp_path: Path) -> None:
    @contextmanager
    def start() -> Iterator[Any]:
        (tmp_path / str(os.getpid())).touch()
        yield lambda job, tell: job

    assert list(run_jobs(["only"], start, print, 5)) == ["only"]
    assert len([*tmp_path.iterdir()]) == 1


def test_there_are_as_many_processes_as_cores_if_not_said_otherwise(tmp_path: Path) -> None:
    @contextmanager
    def start() -> Iterator[Any]:
        (tmp_path / str(os.getpid())).touch()
        yield lambda job, tell: job

    list(run_jobs([0] * (count_cores() + 3), start, print))
    assert len([*tmp_path.iterdir()]) == count_cores() == len(os.sched_getaffinity(0))


def test_each_process_starts_once_and_ends_what_it_started(tmp_path: Path) -> None:
    @contextmanager
    def start() -> Iterator[Any]:
        place = tmp_path / str(os.getpid())
        place.write_text("started ")
        yield lambda job, tell: place.open("a").write("job ")
        place.open("a").write("ended")

    list(run_jobs(range(4), start, print, 1))
    (place,) = tmp_path.iterdir()
    assert place.read_text() == "started job job job job ended"


def test_no_process_is_left() -> None:
    results, _ = run(lambda job, tell: os.getpid(), range(4))
    assert not any(map(is_running, results))


# What goes wrong.


@pytest.mark.parametrize("kind", [GradgateError, UsageError, HarnessError, IsolationError])
def test_an_error_of_ours_comes_through_as_it_is(kind: type[GradgateError]) -> None:
    def work(job: int, tell: Tell) -> None:
        raise kind("what to do next")

    with pytest.raises(GradgateError) as raised:
        run(work, range(3))
    assert (type(raised.value), str(raised.value)) == (kind, "what to do next")


def test_another_exception_is_a_harness_error_with_its_traceback() -> None:
    def stumble(job: int, tell: Tell) -> float:
        return 1 / job

    with pytest.raises(HarnessError, match="a judge process failed; tell the course staff") as told:
        run(stumble, [0])
    assert "ZeroDivisionError: division by zero" in str(told.value)
    assert "in stumble" in str(told.value)


@pytest.mark.parametrize("error", [ValueError("at the start"), UsageError("at the start")])
def test_so_is_one_at_the_start_of_a_process(error: Exception) -> None:
    @contextmanager
    def start() -> Iterator[Any]:
        raise error
        yield

    with pytest.raises(GradgateError, match="at the start"):
        list(run_jobs([1], start, print, 1))


def test_what_cannot_be_sent_back_is_a_harness_error() -> None:
    with pytest.raises(HarnessError, match="a judge process failed"):
        run(lambda job, tell: lambda: job, [0])
    with pytest.raises(HarnessError, match="a judge process failed"):
        run(lambda job, tell: tell(lambda: job), [0])


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, None])
def test_a_process_that_ends_is_a_harness_error(end: int | None) -> None:
    def work(job: int, tell: Tell) -> None:
        tell("it began")
        if end is None:
            os._exit(0)
        os.kill(os.getpid(), end)
        time.sleep(30)

    with pytest.raises(HarnessError, match="a judge process ended; run the command again"):
        run(work, range(3))


def test_one_that_ends_between_two_jobs_is_a_harness_error_too() -> None:
    results = run_jobs([1, 2], start_with(lambda job, tell: os.getpid()), print, 1)
    kill_and_wait(next(results))
    with pytest.raises(HarnessError, match="a judge process ended; run the command again"):
        next(results)


def test_one_that_ends_after_its_last_job_does_no_harm() -> None:
    results = run_jobs([1], start_with(lambda job, tell: os.getpid()), print, 1)
    kill_and_wait(next(results))
    assert list(results) == []


def kill_and_wait(process: int) -> None:
    """Kill a process of ours and wait until it is gone, but for its entry in the table."""
    os.kill(process, signal.SIGKILL)
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_goes_wrong_here_ends_the_processes(error: type[BaseException]) -> None:
    processes: list[int] = []

    def work(job: int, tell: Tell) -> None:
        tell(os.getpid())
        time.sleep(30)

    def stop(process: int) -> None:
        processes.append(process)
        if len(processes) == 2:
            raise error

    began = time.monotonic()
    with pytest.raises(error):
        list(run_jobs([1, 2, 3], start_with(work), stop, 2))
    assert time.monotonic() - began < 20
    assert len(processes) == 2
    assert not any(map(is_running, processes))


def test_one_error_ends_the_other_processes(tmp_path: Path) -> None:
    other = tmp_path / "process"

    def work(job: str, tell: Tell) -> None:
        if job == "sleeps":
            other.write_text(str(os.getpid()))
            time.sleep(30)
        while not other.exists() or not other.read_text():
            time.sleep(0.01)
        raise UsageError("enough")

    with pytest.raises(UsageError, match="enough"):
        run(work, ["sleeps", "fails"])
    assert not is_running(int(other.read_text()))


def test_whoever_stops_reading_results_ends_the_processes(tmp_path: Path) -> None:
    def work(job: int, tell: Tell) -> int:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(0 if job == 1 else 30)
        return job

    results: Any = run_jobs([1, 2, 3], start_with(work), print, 2)
    assert next(results) == 1
    results.close()
    assert not any(is_running(int(path.name)) for path in tmp_path.iterdir())


# Ctrl-C, which goes to all processes of a terminal.


def test_a_judge_ignores_ctrl_c() -> None:
    def work(job: int, tell: Tell) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        return "went on"

    assert run(work, [1]) == (["went on"], [])


def test_a_judge_ends_by_sigterm_whatever_its_parent_does_with_it() -> None:
    old = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        results, _ = run(lambda job, tell: signal.getsignal(signal.SIGTERM), [1])
    finally:
        signal.signal(signal.SIGTERM, old)
    assert results == [signal.SIG_DFL]


PARENT = """
import os, sys, time
from contextlib import contextmanager
from gradgate.grading.judge_pool import run_jobs

def work(job, tell):
    tell(os.getpid())
    time.sleep(60)

@contextmanager
def start():
    yield work

try:
    list(run_jobs([1, 2, 3], start, lambda process: print(process, flush=True), 2))
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(3)
"""


@pytest.mark.parametrize("to_all", [True, False])
def test_ctrl_c_ends_the_parent_which_ends_its_judges(to_all: bool) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with parent:
        assert parent.stdout is not None
        judges = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(map(is_running, judges))
        began = time.monotonic()
        (os.killpg if to_all else os.kill)(parent.pid, signal.SIGINT)
        out, err = parent.communicate(timeout=30)
    assert (out, err, parent.returncode) == ("interrupted\n", "", 3)
    assert time.monotonic() - began < 20
    assert not any(map(is_running, judges))
