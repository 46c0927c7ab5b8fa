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

from gradgate.sandbox import confine
from gradgate.worker import crash_dump as last_words
from gradgate.supervisor import resource_usage as leftovers
from gradgate import limits
from gradgate.protocol import frames as wire
from gradgate.authoring.check import Inputs
from gradgate.errors import HarnessError, IsolationError
from gradgate.sandbox.probes import ACTS
from gradgate.protocol.replies import Crash, Reply, printable, read_crash, read_reply
from gradgate.results import Isolation
from gradgate.supervisor.launcher import ENVIRONMENT, Process, Spawner
from gradgate.submission.layout import Submission
from gradgate.supervisor.watchdog import TIME, Watchdog

T = TypeVar("T")
KNOWN_VARIABLES = [*ENVIRONMENT, "HOME", "TMPDIR", "TEMP", "TMP", "LC_CTYPE"]
LAST_BYTES = 20_000  # hold a stack of the 100 steps that faulthandler prints


class Stopped(Exception):
    """The worker is gone; the message says why, in the words the report uses."""

    def __init__(self, why: str, slow: bool, place: str = "", function: str = "") -> None:
        """Remember where it ended, and whether it was too slow, so that nobody waits again."""
        super().__init__(why)
        self.slow = slow
        self.place = place
        self.function = function


@dataclass(frozen=True)
class Setup:
    """What a worker is told first: the copy to import from and the module it serves.

    `scenarios` is the module whose `scenarios()` are what the worker can be asked for.
    """

    submission: Submission
    root: Path
    module: str
    recording: bool
    scenarios: str = "gradgate.course.catalog"
    memory_bytes: int = limits.MEMORY_BYTES
    cpu_seconds: int = limits.CPU_SECONDS
    require_isolation: bool = False


class Worker:
    """One untrusted process serving one module, started when first asked."""

    def __init__(self, spawner: Spawner, setup: Setup, folder: Path) -> None:
        """Keep a worker for `setup`; `folder` is ours, with room for its scratch and output."""
        self._spawner = spawner
        self._setup = setup
        self._folder = folder
        self._process: Process | None = None
        self._output_start = 0
        self._output = (folder / "output").open("a+b", buffering=0)
        with suppress(PermissionError):  # Windows keeps the name of an open file
            (folder / "output").unlink()  # without a name, a submission cannot take it away
        self._watchdog = Watchdog(self._output.fileno())
        self.starts = 0
        self.call_seconds = limits.CALL_SECONDS
        self.spent = 0.0  # seconds that it has been waited for
        self._allowed = math.inf  # as much of them
        self.isolation = Isolation((), tuple(ACTS.values()))
        self._idle_threads = 1
        self.import_crash: Crash | None = None
        self.autograd_crash: Crash | None = None

    def start(self) -> None:
        """Have a process ready that has imported the module; raises Stopped if importing ends it.

        What importing raised is in `import_crash`, and for the autograd module in `autograd_crash`.
        """
        if self._process is not None:
            return
        self.starts += 1
        self._output.truncate(0)
        scratch, canary = self._places()
        self._process = self._spawner.spawn(self._output)
        self._watchdog.pid = self._process.pid
        setup = {
            "root": str(self._setup.root),
            "layout": dict(self._setup.submission.layout),
            "module": self._setup.module,
            "recording": self._setup.recording,
            "scenarios": self._setup.scenarios,
            "memory_bytes": self._setup.memory_bytes,
            "cpu_seconds": self._setup.cpu_seconds,
            "file_bytes": limits.FILE_BYTES,
            "scratch": str(scratch),
            "canary": str(canary),
            "environment": KNOWN_VARIABLES,
        }
        self._prove(setup)
        crashes = self._ask({"begin": True}, [], limits.IMPORT_SECONDS, read_greeting)
        self.import_crash, self.autograd_crash = crashes

    def _places(self) -> tuple[Path, Path]:
        """Make an empty folder for the worker, and a file beside it that it must not reach."""
        confine.share(self._folder)
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
            blocked = self._ask(setup, [], limits.IMPORT_SECONDS, _read_blocked)
        except Stopped as stopped:
            raise HarnessError(f"a worker could not be started: it {stopped}") from None
        proven = tuple(told for name, told in ACTS.items() if name in blocked)
        self.isolation = Isolation(
            proven, tuple(told for told in ACTS.values() if told not in proven)
        )
        if self._setup.require_isolation and self.isolation.open:
            self.restart()
            told = "; ".join(self.isolation.open)
            raise IsolationError(f"--require-isolation: not proven blocked on this machine: {told}")

    def call(self, scenario: str, inputs: Inputs, seed: int, *, trace: bool = False) -> Reply:
        """Run one scenario; raises Stopped where the worker ended instead of answering."""
        if self.spent > self._allowed:
            raise Stopped(f"took more than {limits.CHECK_SECONDS:g} s in all for one check", True)
        self.start()
        plain, arrays = wire.pack_inputs(inputs)
        request = {"scenario": scenario, "inputs": plain, "seed": seed, "trace": trace}
        reply = self._ask(request, arrays, self.call_seconds, read_reply)
        self._stop_if_busy()
        return reply

    def _stop_if_busy(self) -> None:
        """Raise Stopped where a thread goes on computing after the call has been answered."""
        process = self._process
        count = leftovers.threads(process.pid) if process else 1
        if process and count > self._idle_threads:
            if leftovers.busy(process.pid):
                self._bury(process)
                raise Stopped("left a thread running that goes on after the call is over", False)
            self._idle_threads = count

    def begin_check(self) -> None:
        """From now on allow what one check may take."""
        self._allowed = self.spent + limits.CHECK_SECONDS

    def restart(self) -> None:
        """End the process, so that the next call meets a fresh one."""
        if self._process is not None:
            self._bury(self._process)

    def close(self) -> None:
        """End the process and stop watching."""
        self.restart()
        self._watchdog.close()
        self._output.close()

    @property
    def submission(self) -> Submission:
        """What the worker has a copy of."""
        return self._setup.submission

    def printed(self) -> str:
        """Return what the last call printed, shortened."""
        self._output.seek(self._output_start)
        text = self._output.read(4 * limits.OUTPUT_SHOWN).decode("utf-8", "replace")
        cut = len(text) > limits.OUTPUT_SHOWN
        text = last_words.without(text).replace(f"{self._root}{os.sep}", "").rstrip()
        return printable(text, limits.OUTPUT_SHOWN) + "\n[…]" * cut

    @property
    def _root(self) -> str:
        return str(self._setup.root)

    def _last_words(self) -> str:
        size = os.fstat(self._output.fileno()).st_size
        self._output.seek(max(self._output_start, size - LAST_BYTES))
        return self._output.read(LAST_BYTES).decode("utf-8", "replace")

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
            wire.send(process.requests, {**request, "nonce": nonce}, arrays)
            header, results = wire.receive(process.replies)
            if header.get("nonce") != nonce:
                raise wire.ProtocolError("a frame nobody asked for")
            answer = read(header, results)
        except (EOFError, OSError, wire.ProtocolError) as error:
            raise self._stopped(process, error, seconds) from None
        finally:
            self.spent += time.monotonic() - began
        if self._watchdog.disarm():  # it answered in the very moment it was ended
            self._bury(process)
        return answer

    def _stopped(self, process: Process, error: Exception, seconds: float) -> Stopped:
        """Clear up after a worker that ended, or must; says why in plain words."""
        why = self._watchdog.disarm()
        status = self._bury(process)
        if why == TIME:
            self.call_seconds = limits.CALL_SECONDS_AFTER_TIMEOUT
            told = f"did not finish within {seconds:g} s: look for a loop that never ends"
        elif isinstance(error, wire.ProtocolError):
            told = f"interfered with the grader's own pipe ({error})"
        else:
            told = why or _death(status)
        return Stopped(told, why == TIME, *last_words.place(self._last_words(), self._root))

    def _bury(self, process: Process) -> int:
        # Killing what has exited already changes nothing; one that only closed its pipe must end.
        self._process = None
        process.kill()
        for pipe in (process.requests, process.replies):
            with suppress(OSError):  # bytes still to be written to a process that is gone
                pipe.close()
        status = self._spawner.status()
        leftovers.remove(self._folder / f"scratch-{self.starts}")
        return status


def read_greeting(
    header: Mapping[str, Any], arrays: list[Any]
) -> tuple[Crash | None, Crash | None]:
    """Read what went wrong in importing the module, and in turning autograd on."""
    try:
        own = read_crash(header) if header["status"] == "raised" else None
        autograd = read_crash(header["autograd"]) if header.get("autograd") else None
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise wire.ProtocolError("a greeting that cannot be read") from error
    return own, autograd


def _read_blocked(header: Mapping[str, Any], arrays: list[Any]) -> frozenset[str]:
    """Read what a worker could not do."""
    return frozenset(map(str, header["blocked"]))


def _death(status: int) -> str:
    if status < 0:
        known = {number.value: number.name for number in signal.Signals}
        return f"ended the whole process by the signal {known.get(-status, -status)}"
    return f"ended the whole process with exit code {status} (sys.exit and os._exit are not errors)"
