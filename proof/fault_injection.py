"""The command line: `python -m proof.fault_injection [N]`: kills the worker at random moments of N gradings.

Exit code 0: every verdict is the undisturbed one or names the kill, nothing hangs, and no process,
open file or scratch file is left.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gradgate.course import catalog
from gradgate.errors import HarnessError
from gradgate.grading.grade import grade_module
from gradgate.oracle.live import LiveOracle
from gradgate.supervisor.launcher import ForkServer, Process, Spawner
from proof.attack import SPOILT
from proof.mutant import package
from proof.processes import adopting, children
from proof.mutation_run import Case, ignore, prepared

GRADINGS = 200
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)
MODULES = ("activations", "layers")  # one that is right, one that is spoilt
KEYWORD = "input_alone"
PATIENCE = 60.0  # for one grading, which takes a part of a second

Verdicts = dict[str, tuple[str, str]]
"""The outcome of each check, and the sentence of its cause."""


@dataclass
class Killing:
    """Starts workers, and ends the one there is when told to."""

    workers: Spawner
    current: int | None = None  # a descriptor of the process, which never names another
    kills: int = 0

    def spawn(self, output: BinaryIO) -> Process:
        """Start a worker."""
        process = self.workers.spawn(output)
        with suppress(ProcessLookupError):
            self.current = os.pidfd_open(process.pid)
        return process

    def status(self) -> int:
        """Wait for the worker's end."""
        current, self.current = self.current, None
        if current is not None:
            os.close(current)
        return self.workers.status()

    def close(self) -> None:
        """Leave no process behind."""
        self.workers.close()

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the worker, if there is one."""
        current = self.current
        if current is not None:
            with suppress(ProcessLookupError, OSError):
                signal.pidfd_send_signal(current, number)
                self.kills += 1


def gradings(count: int, workers: Killing) -> Iterator[str]:
    """Grade so often and kill each time; yields in words whatever should not have happened."""
    draw, oracle, before = random.Random(0), LiveOracle(), open_files()
    with adopting(), closing(workers):
        for module in MODULES:
            _graded(module, workers, oracle)  # once for everything that is loaded late
            began = time.monotonic()
            undisturbed = _graded(module, workers, oracle)
            seconds = time.monotonic() - began
            for number in range(count // len(MODULES)):
                sent, moment = draw.choice(SIGNALS), draw.uniform(0, seconds)
                timer = threading.Timer(moment, workers.kill, (sent,))
                timer.start()
                found = _graded(module, workers, oracle)
                timer.cancel()
                timer.join()
                where = f"{module} {number}, {sent.name} after {moment:.3f} s"
                yield from (f"{where}: {told}" for told in _wrong(found, undisturbed, sent.name))
    if open_files() > before:  # those of the fork server, opened before, are closed
        yield f"{open_files() - before} more open files than before"
    if children():
        yield f"processes are left: {sorted(children())}"


def _wrong(found: Verdicts, undisturbed: Verdicts, name: str) -> Iterator[str]:
    """Yield verdicts that are neither the undisturbed ones nor name the kill, and what is left."""
    for check, (outcome, sentence) in found.items():
        if (outcome, sentence) != undisturbed.get(check) and name not in sentence:
            yield f"{check} {outcome}: {sentence}"


def _graded(module: str, workers: Spawner, oracle: LiveOracle) -> Verdicts:
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        task = prepared(Path(name).resolve(), Case(module, SPOILT.name, package(SPOILT), seed=0))
        ids = [check.id for m in catalog.select([module], KEYWORD) for check in m.checks]
        began = time.monotonic()
        try:
            checks = grade_module(task, module, ids, oracle, workers, ignore).checks
        except HarnessError as error:  # killed before a line of the submission ran
            return {module: ("could not check", str(error))}
        verdicts: Verdicts = {
            c.id: (c.outcome, c.cause.sentence if c.cause else "") for c in checks
        }
        if time.monotonic() - began > PATIENCE:
            verdicts["time"] = ("hung", f"took {time.monotonic() - began:.0f} s")
        left = sorted(str(p.relative_to(task.folder)) for p in (task.folder / module).rglob("*"))
        if left != [f"{module}/canary"]:
            verdicts["files"] = ("left", ", ".join(left))
        return verdicts


def open_files() -> int:
    """Count the open files of this process."""
    return len([*Path("/proc/self/fd").iterdir()])


def main(arguments: Sequence[str]) -> int:
    """Kill, and say what came of it; returns the exit code."""
    count = int(arguments[0]) if arguments else GRADINGS
    workers = Killing(ForkServer())
    wrong = [*gradings(count, workers)]
    for told in wrong:
        print(told)
    print(f"{count} gradings, {workers.kills} workers killed in them, {len(wrong)} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
