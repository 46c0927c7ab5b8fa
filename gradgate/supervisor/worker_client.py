"""The trusted side of a worker: asks, waits no longer than allowed, and survives its end."""

from __future__ import annotations

import math
import os
import secrets
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from gradgate.course import load_course
from gradgate.errors import HarnessError, IsolationError
from gradgate.limits import Limits
from gradgate.protocol import frames
from gradgate.protocol.frames import PackedInputs
from gradgate.protocol.replies import Crash, Reply, read_crash, read_reply
from gradgate.results import Isolation
from gradgate.sandbox.probes import ACTS
from gradgate.sandbox.user import share
from gradgate.submission.layout import Submission
from gradgate.supervisor import resource_usage
from gradgate.supervisor.launcher import ENVIRONMENT, Launcher, Process
from gradgate.supervisor.watchdog import TIME, Watchdog
from gradgate.text import printable
from gradgate.worker import crash_dump

T = TypeVar("T")
KNOWN_VARIABLES = [*ENVIRONMENT, "HOME", "TMPDIR", "TEMP", "TMP", "LC_CTYPE"]
DUMP_BYTES = 20_000  # hold a stack of the 100 steps that faulthandler prints


class Stopped(Exception):
    """The worker is gone; the message says why, in the words the report uses."""

    def __init__(self, why: str, slow: bool, place: str = "", function: str = "") -> None:
        """Remember where it ended, and whether it was too slow, so that nobody waits again."""
        super().__init__(why)
        self.slow = slow
        self.place = place
        self.function = function


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a worker is told first.

    `root` is the copy of the submission to import from, `module` the module that is served and
    `course` the folder of the course. `scenarios` is the module of the course whose `scenarios()`
    the worker can be asked for; without one, those are the checks'.
    """

    submission: Submission
    root: Path
    module: str
    course: Path
    limits: Limits
    scenarios: str = ""
    require_isolation: bool = False

    def for_worker(self) -> dict[str, Any]:
        """Return what of it the worker is sent, as JSON values."""
        layout = dict(self.submission.layout)
        activation = load_course(self.course).activation_for(self.module)
        activate = activation and {"path": layout[activation.module], "call": activation.call}
        return {
            "root": str(self.root),
            "layout": layout,
            "module": self.module,
            "course": str(self.course),
            "scenarios": self.scenarios,
            "activation": activate,
            "memory_bytes": self.limits.memory_bytes,
            "cpu_seconds": self.limits.cpu_seconds,
            "file_bytes": self.limits.file_bytes,
        }


class WorkerClient:
    """One untrusted process serving one module, started when first asked."""

    def __init__(self, launcher: Launcher, setup: Setup, folder: Path) -> None:
        """Keep a worker for `setup`; `folder` is ours, with room for its scratch and output."""
        self._launcher = launcher
        self._setup = setup
        self._limits = setup.limits
        self._folder = folder
        self._process: Process | None = None
        self._output_start = 0
        self._output = (folder / "output").open("a+b", buffering=0)
        with suppress(PermissionError):  # Windows keeps the name of an open file
            (folder / "output").unlink()  # without a name, a submission cannot take it away
        self._watchdog = Watchdog(self._output.fileno(), setup.limits)
        self.starts = 0
        self.call_seconds = setup.limits.call_seconds
        self.spent = 0.0  # seconds that it has been waited for
        self._allowed = math.inf  # as much of them
        self.isolation = Isolation((), tuple(ACTS.values()))
        self._idle_threads = 1
        self.import_crash: Crash | None = None
        self.activation_crash: Crash | None = None

    def start(self) -> None:
        """Have a process ready that has imported the module; raises Stopped if importing ends it.

        What importing it raised is in `import_crash`; what importing the activating module raised,
        in `activation_crash`.
        """
        if self._process is not None:
            return
        self.starts += 1
        self._output.truncate(0)
        scratch, canary = self._make_places()
        self._process = self._launcher.launch(self._output)
        self._watchdog.pid = self._process.pid
        setup = {
            **self._setup.for_worker(),
            "scratch": str(scratch),
            "canary": str(canary),
            "environment": KNOWN_VARIABLES,
        }
        self._prove(setup)
        crashes = self._ask({"begin": True}, [], self._limits.import_seconds, read_greeting)
        self.import_crash, self.activation_crash = crashes

    def _make_places(self) -> tuple[Path, Path]:
        """Make an empty folder for the worker, and a file beside it that it must not reach."""
        share(self._folder)
        scratch, canary = self._folder / f"scratch-{self.starts}", self._folder / "canary"
        scratch.mkdir(0o700)
        canary.write_text("whoever reads this is not confined")
        canary.chmod(0o644)  # to be refused by the layers, not by its mode
        self._watchdog.scratch = scratch
        self._idle_threads = 1
        return scratch, canary

    def _prove(self, setup: dict[str, Any]) -> None:
        """Let the worker confine itself and try that it is; nothing of the submission ran yet."""
        try:
            blocked = self._ask(setup, [], self._limits.import_seconds, _read_blocked)
        except Stopped as stopped:
            raise HarnessError(f"a worker could not be started: it {stopped}") from None
        proven = tuple(act for name, act in ACTS.items() if name in blocked)
        self.isolation = Isolation(proven, tuple(act for act in ACTS.values() if act not in proven))
        if self._setup.require_isolation and self.isolation.open:
            self.restart()
            acts = "; ".join(self.isolation.open)
            raise IsolationError(f"--require-isolation: not proven blocked on this machine: {acts}")

    def call(self, scenario: str, packed: PackedInputs, seed: int, *, trace: bool = False) -> Reply:
        """Run one scenario; raises Stopped where the worker ended instead of answering."""
        if self.spent > self._allowed:
            raise Stopped(
                f"took more than {self._limits.check_seconds:g} s in all for one check", True
            )
        self.start()
        request = {"scenario": scenario, "inputs": packed.plain, "seed": seed, "trace": trace}
        reply = self._ask(request, packed.arrays, self.call_seconds, read_reply)
        self._stop_if_busy()
        return reply

    def _stop_if_busy(self) -> None:
        """Raise Stopped where a thread goes on computing after the call has been answered."""
        process = self._process
        count = resource_usage.count_threads(process.pid) if process else 1
        if process and count > self._idle_threads:
            if resource_usage.is_busy(process.pid):
                self._clear_up(process)
                raise Stopped("left a thread running that goes on after the call is over", False)
            self._idle_threads = count

    def begin_check(self) -> None:
        """From now on allow what one check may take."""
        self._allowed = self.spent + self._limits.check_seconds

    def restart(self) -> None:
        """End the process, so that the next call meets a fresh one."""
        if self._process is not None:
            self._clear_up(self._process)

    def close(self) -> None:
        """End the process and stop watching."""
        self.restart()
        self._watchdog.close()
        self._output.close()

    @property
    def limits(self) -> Limits:
        """What the submission may use."""
        return self._limits

    @property
    def submission(self) -> Submission:
        """What the worker has a copy of."""
        return self._setup.submission

    def printed(self) -> str:
        """Return what the last call printed, shortened."""
        self._output.seek(self._output_start)
        text = self._output.read(4 * self._limits.output_shown).decode("utf-8", "replace")
        cut = len(text) > self._limits.output_shown
        text = crash_dump.cut_off(text).replace(f"{self._root}{os.sep}", "").rstrip()
        return printable(text, self._limits.output_shown) + "\n[…]" * cut

    @property
    def _root(self) -> str:
        return str(self._setup.root)

    def _read_end(self) -> str:
        size = os.fstat(self._output.fileno()).st_size
        self._output.seek(max(self._output_start, size - DUMP_BYTES))
        return self._output.read(DUMP_BYTES).decode("utf-8", "replace")

    def _ask(
        self,
        request: dict[str, Any],
        arrays: list[Any],
        seconds: float,
        read: Callable[[Mapping[str, Any], list[Any]], T],
    ) -> T:
        process = self._process
        assert process is not None
        self._output_start = os.fstat(self._output.fileno()).st_size
        self._watchdog.arm(process.interrupt, seconds, self._output_start)
        nonce = secrets.token_hex(8)
        began = time.monotonic()
        try:
            frames.send(process.requests, {**request, "nonce": nonce}, arrays)
            header, results = frames.receive(process.replies)
            if header.get("nonce") != nonce:
                raise frames.ProtocolError("a frame nobody asked for")
            answer = read(header, results)
        except (EOFError, OSError, frames.ProtocolError) as error:
            raise self._explain_end(process, error, seconds) from None
        finally:
            self.spent += time.monotonic() - began
        if self._watchdog.disarm():  # it answered in the very moment it was ended
            self._clear_up(process)
        return answer

    def _explain_end(self, process: Process, error: Exception, seconds: float) -> Stopped:
        """Clear up after a worker that ended, or must; says why in plain words."""
        why = self._watchdog.disarm()
        status = self._clear_up(process)
        if why == TIME:
            self.call_seconds = self._limits.call_seconds_after_timeout
            reason = f"did not finish within {seconds:g} s: look for a loop that never ends"
        elif isinstance(error, frames.ProtocolError):
            reason = f"interfered with the grader's own pipe ({error})"
        else:
            reason = why or _describe_exit(status)
        return Stopped(reason, why == TIME, *crash_dump.find_place(self._read_end(), self._root))

    def _clear_up(self, process: Process) -> int:
        # Killing what has exited already changes nothing; one that only closed its pipe must end.
        self._process = None
        process.kill()
        for pipe in (process.requests, process.replies):
            with suppress(OSError):  # bytes still to be written to a process that is gone
                pipe.close()
        status = self._launcher.status()
        resource_usage.remove_folder(self._folder / f"scratch-{self.starts}")
        return status


def read_greeting(
    header: Mapping[str, Any], arrays: list[Any]
) -> tuple[Crash | None, Crash | None]:
    """Read what went wrong in importing the module, and the activating one."""
    try:
        own = read_crash(header) if header["status"] == "raised" else None
        activation = read_crash(header["activation"]) if header.get("activation") else None
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise frames.ProtocolError("a greeting that cannot be read") from error
    return own, activation


def _read_blocked(header: Mapping[str, Any], arrays: list[Any]) -> frozenset[str]:
    """Read what a worker could not do."""
    return frozenset(map(str, header["blocked"]))


def _describe_exit(status: int) -> str:
    if status < 0:
        known = {number.value: number.name for number in signal.Signals}
        return f"ended the whole process by the signal {known.get(-status, -status)}"
    return f"ended the whole process with exit code {status} (sys.exit and os._exit are not errors)"
