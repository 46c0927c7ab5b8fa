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

from gradgate.course import catalog
from gradgate.submission import layout as submission
from gradgate.supervisor.worker_client import Setup, Worker
from gradgate.oracle.live import LiveOracle
from gradgate.supervisor.launcher import ForkServer, FreshStart, Spawner

ROUNDS = 500


def main() -> None:
    """Print the three tables."""
    print(tabulate(calls(), ["one call of tensor.adds", "median µs"], floatfmt=".0f"))
    print()
    print(tabulate(starts(), ["starting a worker", "median ms"], floatfmt=".0f"))
    print()
    print(tabulate(runs(), ["whole run", "wall s"], floatfmt=".1f"))


def calls() -> list[tuple[str, float]]:
    """Time one small scenario in the oracle's process and across the pipe."""
    check, oracle = catalog.checks_by_id()["tensor.adds"], LiveOracle()
    inputs = {"a": np.ones((2, 3), np.float32), "b": np.ones(3, np.float32)}
    with tempfile.TemporaryDirectory() as folder, closing(ForkServer()) as spawner:
        worker = _worker(spawner, Path(folder))
        worker.start()
        across = _median(lambda: worker.call(check.id, inputs, 0), ROUNDS)
        worker.close()
    inside = _median(lambda: oracle.answers(check, inputs, 0), ROUNDS)
    return [("in process", inside * 1e6), ("round trip to the worker", across * 1e6)]


def starts() -> list[tuple[str, float]]:
    """Time a fresh worker, forked and not, until it has imported the submission."""
    rows = []
    for name, spawner in (("forked", ForkServer()), ("new process", FreshStart())):
        with tempfile.TemporaryDirectory() as folder, closing(spawner):
            worker = _worker(spawner, Path(folder))
            rows.append((name, _median(partial(_start_again, worker), 10) * 1e3))
            worker.close()
    return rows


def runs() -> list[tuple[str, float]]:
    """Time `python -m checks` on the reference and on the untouched stubs."""
    rows = []
    for name in ("reference", "student"):
        command = [sys.executable, "-m", "checks", "--submission", name]
        run = partial(subprocess.run, command, check=False, capture_output=True)
        rows.append((name, _median(run, 3)))
    return rows


def _worker(spawner: Spawner, folder: Path) -> Worker:
    names = [module.name for module in catalog.modules()]
    found = submission.find(Path("reference"), names)
    submission.copy(found, folder / "submission")
    (folder / "work").mkdir()
    setup = Setup(found, folder / "submission", "tensor", recording=False)
    return Worker(spawner, setup, folder / "work")


def _start_again(worker: Worker) -> None:
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
