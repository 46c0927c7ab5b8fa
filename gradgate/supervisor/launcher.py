"""Starting worker processes: forked from a preloaded server where that exists, else afresh."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from gradgate.errors import HarnessError
from gradgate.sandbox.libraries import LIBRARIES
from gradgate.worker.fork_server import NUMBER

NEEDED = ("gradgate", "numpy", "tomli", *LIBRARIES)  # by the process before it is confined

# Only these variables reach a worker. One BLAS thread: modules run in parallel instead, and two
# threads on a busy machine are many times slower than one.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # glibc gives large arrays back to the system at once and asks for them again at the next
    # step: a quarter of the time of training a convolutional network.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str((1 << 31) - 1),
    **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},  # Windows
}


@dataclass
class Process:
    """A running worker: its pipes, and how to end it."""

    pid: int
    requests: BinaryIO
    replies: BinaryIO

    def interrupt(self) -> None:
        """Let the worker say where it is, and end it."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.kill(self.pid, signal.SIGABRT)
                time.sleep(0.1)  # to print a stack takes far less
        self.kill()

    def kill(self) -> None:
        """End the worker and what it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
                os.kill(self.pid, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGTERM)  # on Windows this ends the process at once


class Launcher(Protocol):
    """Starts one worker at a time."""

    def launch(self, output: BinaryIO) -> Process:
        """Start a worker whose standard output and error go to `output`."""

    def status(self) -> int:
        """Wait for the worker's end; returns its exit code, or minus the signal's number."""

    def close(self) -> None:
        """Leave no process behind."""


class ForkServer:
    """Forks workers from one process that has NumPy loaded: about 10 ms each instead of 150."""

    def __init__(self, course: Path) -> None:
        """Start the server, which loads the checks of the course in a folder."""
        self._control, theirs = socket.socketpair()
        self._server = subprocess.Popen(
            _command("gradgate.worker.fork_server", str(theirs.fileno()), str(course)),
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is for the judge, which then closes the control socket
        )
        theirs.close()

    def launch(self, output: BinaryIO) -> Process:
        """Start a worker whose standard output and error go to `output`."""
        requests_read, requests_write = os.pipe()
        replies_read, replies_write = os.pipe()
        socket.send_fds(self._control, [b"."], [requests_read, replies_write, output.fileno()])
        os.close(requests_read)
        os.close(replies_write)
        pid = self._number()
        return Process(pid, os.fdopen(requests_write, "wb"), os.fdopen(replies_read, "rb"))

    def status(self) -> int:
        """Wait for the worker's end; returns its exit code, or minus the signal's number."""
        return os.waitstatus_to_exitcode(self._number())

    def close(self) -> None:
        """End the server, which ends its worker first."""
        self._control.close()
        self._server.wait()

    def _number(self) -> int:
        data = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(data) < NUMBER.size:
            raise HarnessError("the process that starts workers has ended; run the command again")
        return int(NUMBER.unpack(data)[0])


class FreshStart:
    """Starts every worker as a new Python process, on any platform."""

    _worker: subprocess.Popen[bytes]

    def launch(self, output: BinaryIO) -> Process:
        """Start a worker whose standard output and error go to `output`."""
        self._worker = subprocess.Popen(
            _command("gradgate.worker.server"),
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
        )
        requests, replies = self._worker.stdin, self._worker.stdout
        return Process(self._worker.pid, cast(BinaryIO, requests), cast(BinaryIO, replies))

    def status(self) -> int:
        """Wait for the worker's end; returns its exit code, or minus the signal's number."""
        return self._worker.wait()

    def close(self) -> None:
        """Nothing outlives a worker."""


def make_launcher(course: Path) -> Launcher:
    """Return the cheapest way to start workers for a course on this platform."""
    return ForkServer(course) if hasattr(os, "pidfd_open") else FreshStart()


def _command(module: str, *arguments: str) -> list[str]:
    # -I would ignore PYTHONHASHSEED, on which the order of a student's sets depends; the clean
    # environment and -s -S leave it nothing else to ignore. The paths serve until the worker has
    # imported NumPy and the scenarios; it drops them before it imports a submission.
    paths = sorted({_find_site(name) for name in NEEDED} - {""})
    start = f"import sys; sys.path[:1] = {paths!r}; from {module} import main; main()"
    return [sys.executable, "-s", "-S", "-B", "-u", "-X", "utf8", "-c", start, *arguments]


def _find_site(name: str) -> str:
    """Return the folder from which a module is imported, or nothing."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return ""
    return str(Path(spec.origin).parents[1 if spec.submodule_search_locations else 0])
