"""A process with NumPy and the scenarios loaded that forks one worker at a time (Linux).

It never imports a line of a submission, nor anything the submission must not see: its memory is
what every worker starts from.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

from gradgate.course.catalog import load_course
from gradgate.sandbox import confine
from gradgate.worker import server

NUMBER = struct.Struct("<i")  # a process id, then that process's wait status


def serve(control: socket.socket, course: Path) -> None:
    """Fork a worker for each set of (requests, replies, output) descriptors received."""
    load_course(course)
    confine.prepare()
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 3)
        except ConnectionResetError:  # the judge is gone, and did not read our last answer
            return
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            _become_worker(descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with suppress(ConnectionError):  # the judge is gone: the next message is the end
            control.sendall(NUMBER.pack(pid))
            confine.prepare()
            control.sendall(NUMBER.pack(_wait(pid, control)))


def _become_worker(descriptors: list[int]) -> None:
    try:
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
            os.close(descriptor)
        server.run()
    finally:
        os._exit(0)


def _wait(pid: int, control: socket.socket) -> int:
    """Wait for the worker's end; end it where the judge is gone. Leaves no process of its group."""
    ended = os.pidfd_open(pid)
    readable, _, _ = select.select([ended, control.fileno()], [], [])
    if control.fileno() in readable:  # nothing is sent meanwhile, so this is the end of the file
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(ended)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return status


def main() -> None:
    """Serve the socket whose descriptor is the first argument; the second is the course."""
    serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
