"""Fault injection: workers are killed at random moments while they are graded."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gradgate.errors import HarnessError
from gradgate.grading.grade import Job, Tools, grade_module
from gradgate.supervisor.launcher import Launcher, Process
from proof.attack import SPOILT
from proof.mutant import build_package
from proof.mutation_run import Case, ignore, make_tools, prepare
from proof.processes import adopt_orphans, list_children
from proof.project import COURSE

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)
MODULES = ("activations", "layers")  # one that is right, one that is spoilt
KEYWORD = "input_alone"
PATIENCE = 60.0  # for one grading, which takes a part of a second

Verdicts = dict[str, tuple[str, str]]
"""The outcome of each check, and the sentence of its cause."""


@dataclass
class FaultyLauncher:
    """Launches workers, and sends signals to the one there is when asked to."""

    launcher: Launcher
    current: int | None = None  # a descriptor of the process, which never names another
    kills: int = 0

    def launch(self, output: BinaryIO) -> Process:
        """Start a worker."""
        process = self.launcher.launch(output)
        with suppress(ProcessLookupError):
            self.current = os.pidfd_open(process.pid)
        return process

    def status(self) -> int:
        """Wait for the worker's end."""
        current, self.current = self.current, None
        if current is not None:
            os.close(current)
        return self.launcher.status()

    def close(self) -> None:
        """Leave no process behind."""
        self.launcher.close()

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the worker, if there is one."""
        current = self.current
        if current is not None:
            with suppress(ProcessLookupError, OSError):
                signal.pidfd_send_signal(current, number)
                self.kills += 1


def grade_with_faults(count: int, launcher: FaultyLauncher) -> Iterator[str]:
    """Grade so often and kill each time; yields in words whatever should not have happened.

    Closes the launcher.
    """
    draw, tools, before = random.Random(0), make_tools(launcher), count_open_files()
    with adopt_orphans(), closing(launcher):
        for module in MODULES:
            _grade(module, tools)  # once for everything that is loaded late
            began = time.monotonic()
            undisturbed = _grade(module, tools)
            seconds = time.monotonic() - began
            for number in range(count // len(MODULES)):
                sent, moment = draw.choice(SIGNALS), draw.uniform(0, seconds)
                timer = threading.Timer(moment, launcher.kill, (sent,))
                timer.start()
                verdicts = _grade(module, tools)
                timer.cancel()
                timer.join()
                where = f"{module} {number}, {sent.name} after {moment:.3f} s"
                wrong = _find_wrong(verdicts, undisturbed, sent.name)
                yield from (f"{where}: {problem}" for problem in wrong)
    if count_open_files() > before:  # those of the launcher, opened before, are closed
        yield f"{count_open_files() - before} more open files than before"
    if list_children():
        yield f"processes are left: {sorted(list_children())}"


def _find_wrong(verdicts: Verdicts, undisturbed: Verdicts, name: str) -> Iterator[str]:
    """Yield verdicts that are not the undisturbed ones and do not name the signal."""
    for check, (outcome, sentence) in verdicts.items():
        if (outcome, sentence) != undisturbed.get(check) and name not in sentence:
            yield f"{check} {outcome}: {sentence}"


def _grade(module: str, tools: Tools) -> Verdicts:
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        case = Case(module=module, name=SPOILT.name, files=build_package(SPOILT))
        task = prepare(Path(name).resolve(), case)
        (chosen,) = COURSE.select([module], KEYWORD)
        job = Job(module, tuple(check.id for check in chosen.checks))
        began = time.monotonic()
        try:
            checks = grade_module(task, job, tools, ignore).checks
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


def count_open_files() -> int:
    """Count the open files of this process."""
    return len([*Path("/proc/self/fd").iterdir()])
