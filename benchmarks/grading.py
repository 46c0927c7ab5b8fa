"""Where grading spends its time: one call, one check, a whole run. `nox -s bench`.

Times are wall-clock on this machine and noisy; trust the ratios.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
from tabulate import tabulate

from gradgate.course import load_course
from gradgate.examples.example import make_example
from gradgate.oracle.live import LiveOracle
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import find_submission
from gradgate.supervisor.launcher import ForkServer, FreshStart, Launcher
from gradgate.supervisor.worker_client import Setup, WorkerClient

COURSE = load_course(Path(__file__).resolve().parents[1])
ROUNDS = 500


def main() -> None:
    """Print the three tables."""
    print(tabulate(time_calls(), ["one call of tensor.adds", "median µs"], floatfmt=".0f"))
    print()
    print(tabulate(time_starts(), ["starting a worker", "median ms"], floatfmt=".0f"))
    print()
    print(tabulate(time_runs(), ["whole run", "wall s"], floatfmt=".1f"))


def time_calls() -> list[tuple[str, float]]:
    """Time one small scenario in the oracle's process and across the pipe."""
    check, oracle = COURSE.checks["tensor.adds"], LiveOracle(COURSE)
    inputs = {"a": np.ones((2, 3), np.float32), "b": np.ones(3, np.float32)}
    example = make_example(inputs, 0)
    with tempfile.TemporaryDirectory() as folder, closing(ForkServer(COURSE.folder)) as launcher:
        worker = _make_worker(launcher, Path(folder))
        worker.start()
        across = _median(lambda: worker.call(check.id, example.packed, example.seed), ROUNDS)
        worker.close()
    inside = _median(lambda: oracle.answers(check, example), ROUNDS)
    return [("in process", inside * 1e6), ("round trip to the worker", across * 1e6)]


def time_starts() -> list[tuple[str, float]]:
    """Time a fresh worker, forked and not, until it has imported the submission."""
    rows = []
    for name, launcher in (
        ("forked", ForkServer(COURSE.folder)),
        ("new process", FreshStart()),
    ):
        with tempfile.TemporaryDirectory() as folder, closing(launcher):
            worker = _make_worker(launcher, Path(folder))
            rows.append((name, _median(partial(_start_again, worker), 10) * 1e3))
            worker.close()
    return rows


def time_runs() -> list[tuple[str, float]]:
    """Time `gradgate check` on the reference and on the untouched stubs."""
    rows = []
    for name in ("reference", "student"):
        command = [sys.executable, "-m", "gradgate", "check", "--submission", name]
        run = partial(subprocess.run, command, check=False, capture_output=True)
        rows.append((name, _median(run, 3)))
    return rows


def _make_worker(launcher: Launcher, folder: Path) -> WorkerClient:
    submission = find_submission(COURSE.folder / "reference", COURSE)
    copy_submission(submission, folder / "submission", COURSE.limits)
    (folder / "work").mkdir()
    setup = Setup(
        submission=submission,
        root=folder / "submission",
        module="tensor",
        course=COURSE.folder,
        limits=COURSE.limits,
    )
    return WorkerClient(launcher, setup, folder / "work")


def _start_again(worker: WorkerClient) -> None:
    worker.restart()
    worker.start()


def _median(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
