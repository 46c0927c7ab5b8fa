"""Ending a worker that overruns its time, or prints, writes or starts threads without end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gradgate.limits import Limits
from gradgate.supervisor import resource_usage

POLL_SECONDS = 0.02
TIME = "time"


class Watchdog:
    """A thread that watches one call at a time; armed before it, disarmed after it."""

    def __init__(self, output: int, limits: Limits) -> None:
        """Watch what is printed to the open file `output`."""
        self._output = output
        self._limits = limits
        self._lock = threading.Lock()  # nothing is killed once a call is over
        self._kill: Callable[[], None] | None = None
        self._deadline = 0.0
        self._output_start = 0
        self.scratch: Path | None = None  # the folder whose files are counted
        self.pid = 0  # the process whose threads are counted
        self._why = ""
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def arm(self, kill: Callable[[], None], seconds: float, output_start: int) -> None:
        """Call `kill` when time is up or too much is printed beyond `output_start`, or written."""
        with self._lock:
            self._why = ""
            self._kill, self._output_start = kill, output_start
            self._deadline = time.monotonic() + seconds

    def disarm(self) -> str:
        """Stop watching; returns why the call was ended (TIME or a sentence), or nothing."""
        with self._lock:
            self._kill = None
            return self._why

    def close(self) -> None:
        """End the thread."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(POLL_SECONDS):
            with self._lock:
                if self._kill is not None:
                    self._why = self._find_excess()
                    if self._why:
                        self._kill()
                        self._kill = None

    def _find_excess(self) -> str:
        limits = self._limits
        if time.monotonic() > self._deadline:
            return TIME
        if os.fstat(self._output).st_size - self._output_start > limits.output_bytes:
            return f"printed more than {limits.output_mib} MiB in one call"
        if self.pid and resource_usage.count_threads(self.pid) > limits.threads:
            return f"started more than {limits.threads} threads"
        return resource_usage.find_overfull(self.scratch, limits) if self.scratch else ""
