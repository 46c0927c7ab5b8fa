"""A submission cannot read, write, reach or harm anything but its scratch folder; it is proven.

Acts are tried from student code, in a worker however it was started, one sentence of Python each;
what `repr(t)` returns says what came of them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from corpora import mark_most_long
from other_user import run_as

from gradgate.errors import IsolationError
from gradgate.examples.example import make_example
from gradgate.limits import Limits
from gradgate.sandbox.libraries import can_confine
from gradgate.sandbox.probes import ACTS
from gradgate.submission.layout import find_submission
from gradgate.supervisor.launcher import ForkServer, FreshStart, Launcher
from gradgate.supervisor.worker_client import Setup, Stopped, WorkerClient
from proof.harness import grade, reference, write
from proof.project import COURSE, PROJECT

SOURCE = """
import ctypes, fcntl, importlib, mmap, os, resource, signal, socket, subprocess, sys
import threading, time
import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
COURSE = next(name for name in sys.modules if name.startswith("gradgate_course_"))

def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def connect(*kind, to):
    with socket.socket(*kind) as opened:
        opened.settimeout(1)
        opened.connect(to)

def daemon():
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
        os._exit(0)

def import_reference(course):
    sys.modules[COURSE].__path__ = [course]
    try:
        importlib.import_module(COURSE + ".reference.tensor")
    except ImportError as error:
        raise OSError("there is none") from error

class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, np.float32)

    def __repr__(self):
        outside, parent = os.path.dirname(os.getcwd()), os.getppid()
        try:
            {act}
        except OSError as error:
            return "refused"
        return "done"
"""
EXAMPLE = make_example({"x": np.zeros(1, np.float32)}, 0)
LIMITS = Limits()
LAUNCHERS: dict[str, Callable[[], Launcher]] = {
    "fork server": lambda: ForkServer(PROJECT),
    "fresh start": FreshStart,
}

Start = Callable[..., WorkerClient]

pytestmark = pytest.mark.skipif(
    not can_confine(), reason="no Landlock, or no seccomp, on this machine"
)


@pytest.fixture(params=LAUNCHERS)
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Start a worker whose `repr(t)` does one act."""
    with ExitStack() as stack:
        launcher = stack.enter_context(closing(LAUNCHERS[request.param]()))

        def start_worker(act: str, **settings: bool) -> WorkerClient:
            write(tmp_path / "code", {"student/tensor.py": SOURCE.replace("{act}", act)})
            write(tmp_path, {"recorded.gz": b"answers"})
            setup = Setup(
                submission=find_submission(tmp_path / "code", COURSE),
                root=tmp_path / "code",
                module="tensor",
                course=PROJECT,
                limits=LIMITS,
                **settings,
            )
            (tmp_path / "own").mkdir()
            return stack.enter_context(closing(WorkerClient(launcher, setup, tmp_path / "own")))

        yield start_worker


def call(worker: WorkerClient) -> str:
    """Return what `repr(t)` returns in a worker."""
    reply = worker.call("tensor.shows_itself", EXAMPLE.packed, EXAMPLE.seed)
    assert reply.crash is None, reply.crash
    return reply.answer["repr(t)"].text


def name(*parts: str) -> str:
    """Return the path of a file or folder of the project in quotes; it has to be there."""
    return repr(str(PROJECT.joinpath(*parts).resolve(strict=True)))


REFUSED = {
    "read the reference": f"open({name('reference', 'tensor.py')})",
    "import the reference": f"import_reference({name()})",
    "read the checks": f"open({name('checks', 'm02_activations.py')})",
    "read the engine": f"open({name('gradgate', 'oracle', 'live.py')})",
    "read the data": f"open({name('data', 'tinydigits', 'tinydigits.npz')}, 'rb')",
    "read recorded answers": "open(f'{outside}/../recorded.gz', 'rb')",
    "list the harness": f"os.listdir({name()})",
    "list the course": f"os.listdir({name('checks')})",
    "list installed packages": f"os.listdir({str(Path(pytest.__file__).parents[1])!r})",
    "list the system": "os.listdir('/')",
    "list processes": "os.listdir('/proc')",
    "read passwords": "open('/etc/passwd')",
    "read the grader's folder": "os.listdir(outside)",
    "write beside the scratch folder": "open(outside + '/result', 'w')",
    "write to the temporary folder": "open('/tmp/gradgate-was-here', 'w')",
    "write to shared memory": "open('/dev/shm/gradgate-was-here', 'w')",
    "write to the own code": "open(__file__, 'w')",
    "empty the own code": "os.truncate(__file__, 0)",
    "remove the own code": "os.unlink(__file__)",
    "move the own code": "os.rename(__file__, 'tensor.py')",
    "link a file": f"os.link({name('README.md')}, 'readme')",
    "link to a file": "os.symlink('/etc/passwd', 'passwords')",
    "make a pipe with a name": "os.mkfifo('pipe')",
    "change a mode": "os.chmod(__file__, 0o777)",
    "change a mode in the scratch folder": "os.chmod(os.getcwd(), 0o777)",
    "change an owner": "os.chown(__file__, 0, 0)",
    "change times": "os.utime(__file__)",
    "set an attribute": "os.setxattr(__file__, 'user.grade', b'100')",
    "connect by TCP": "connect(socket.AF_INET, socket.SOCK_STREAM, to=('127.0.0.1', 80))",
    "connect by IPv6": "connect(socket.AF_INET6, socket.SOCK_STREAM, to=('::1', 80))",
    "send a datagram": "connect(socket.AF_INET, socket.SOCK_DGRAM, to=('127.0.0.1', 53))",
    "connect to a program": "connect(socket.AF_UNIX, socket.SOCK_STREAM, to='\\0x')",
    "make a pair of sockets": "socket.socketpair()",
    "fork": "daemon()",
    "fork by clone3": "call(435, None, 0)",
    "run a program": "os.execv('/bin/true', ['true'])",
    "run a command": "subprocess.run(['true'])",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "signal the parent": "os.kill(parent, 0)",
    "signal every process": "os.kill(-1, signal.SIGCONT)",
    "signal the process group": "os.kill(0, signal.SIGCONT)",
    "have the kernel signal the parent": "fcntl.fcntl(0, fcntl.F_SETOWN, parent)",
    "signal by descriptor": "call(434, parent, 0)",
    "trace the parent": "call(101, 16, parent, 0, 0)",
    "read the parent's memory": "open(f'/proc/{parent}/mem', 'rb')",
    "read the parent's environment": "open(f'/proc/{parent}/environ', 'rb')",
    "read memory of a process": "call(310, parent, 0, 0, 0, 0, 0)",
    "slow the parent": "os.setpriority(os.PRIO_PROCESS, parent, 19)",
    "bind the parent to a core": "os.sched_setaffinity(parent, {0})",
    "limit the parent": "resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1))",
    "raise a limit": "call(302, 0, resource.RLIMIT_AS, (ctypes.c_ulong * 2)(1 << 40, 1 << 40), 0)",
    "make a file in memory": "os.memfd_create('x')",
    "make shared memory": "call(29, 77, 4096, 0o1777)",
    "become another user": "os.setuid(1000)",
    "leave the session": "os.setsid()",
    "change the root": "os.chroot('.')",
    "mount": "call(165, 0, b'/tmp', b'tmpfs', 0, 0)",
    "use a namespace": "call(272, 0x10000000)",
    "use io_uring": "call(425, 8, 0)",
    "load a BPF program": "call(321, 0, 0, 0)",
    "let a parent outlive it": "call(157, 1, 0)",
    "take more memory": f"mmap.mmap(-1, {LIMITS.memory_bytes})",
    "write a large file": f"open('large', 'wb').truncate({LIMITS.file_bytes + 1})",
}
ALLOWED = {
    "write and read a file": "np.save('a.npy', self.data); assert np.load('a.npy') == self.data",
    "make and remove folders": "os.makedirs('a/b'); os.removedirs('a/b'); os.listdir()",
    "move a file": "open('a', 'w').close(); os.rename('a', 'b'); os.unlink('b')",
    "use threads": "t = threading.Thread(target=time.sleep, args=(0.01,)); t.start(); t.join()",
    "signal itself": "os.kill(os.getpid(), 0); signal.raise_signal(signal.SIGCONT)",
    "import the standard library": "import bz2, lzma, decimal, fractions, sqlite3, statistics",
    "import the rest of NumPy": "import numpy.fft, numpy.polynomial, numpy.random, numpy.testing",
    "see its own code": "import inspect; assert 'class Tensor' in inspect.getsource(Tensor)",
    "use random numbers": "import secrets; secrets.token_hex(); os.urandom(8); np.random.rand()",
    "multiply large matrices": "a = np.ones((500, 500)); assert (a @ a)[0, 0] == 500",
    "measure time": "time.sleep(0.001); time.perf_counter(); time.localtime(); time.process_time()",
    "write nowhere": "print('x', file=open(os.devnull, 'w'))",
}
SYSCALL_NUMBERS = sys.platform == "linux" and os.uname().machine == "x86_64"


@pytest.mark.parametrize("act", mark_most_long(REFUSED))
def test_a_submission_cannot(act: str, start: Start) -> None:
    if "call(" in REFUSED[act] and not SYSCALL_NUMBERS:
        pytest.skip("numbers of system calls are those of x86-64")
    assert call(start(REFUSED[act])) == "refused"


@pytest.mark.parametrize("act", mark_most_long(ALLOWED))
def test_a_submission_can(act: str, start: Start) -> None:
    assert call(start(ALLOWED[act])) == "done"


def test_every_act_is_proven_refused_before_the_submission_is_imported(start: Start) -> None:
    worker = start("pass", require_isolation=True)
    worker.start()
    assert worker.isolation.proven == tuple(ACTS.values())
    assert worker.isolation.open == ()


def test_nothing_of_the_submission_runs_where_isolation_is_required_and_missing(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker = start("pass", require_isolation=True)
    monkeypatch.setattr("gradgate.supervisor.worker_client.KNOWN_VARIABLES", [])
    with pytest.raises(IsolationError, match=r"not proven blocked .*: environment variables"):
        worker.start()
    assert worker.printed() == ""


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (
            'exec(\'while True: open(str(time.time()), "w").write("x" * (1 << 22))\')',
            "MiB of files",
        ),
        ('exec(\'while True: os.mkdir("d"); os.chdir("d")\')', "wrote more than .* files"),
        ("exec('while True: open(str(time.time()), \"w\")')", "wrote more than .* files"),
        ("threading.Thread(target=exec, args=('while True: pass',)).start()", "left a thread"),
    ],
)
def test_what_a_call_leaves_behind_ends_it_in_a_sentence(act: str, why: str, start: Start) -> None:
    worker = start(act)
    with pytest.raises(Stopped, match=why):
        [call(worker) for _ in range(3)]


def test_a_thread_that_waits_is_no_harm(start: Start) -> None:
    worker = start("threading.Thread(target=threading.Event().wait, daemon=True).start()")
    assert [call(worker) for _ in range(3)] == ["done"] * 3


def test_nothing_stays_in_the_scratch_folder_for_the_next_process(
    start: Start, tmp_path: Path
) -> None:
    deep = "[(os.mkdir('d'), os.chdir('d')) for _ in range(900)]"
    worker = start(f"open('note', 'w').close(); os.mkdir('locked', 0); os.mkdir('a'); {deep}")
    call(worker)
    worker.restart()
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["canary"]


def test_the_fork_server_holds_nothing_of_the_reference(start: Start) -> None:
    held = "[n for n in sys.modules if 'reference' in n or n.startswith('hypothesis')]"
    worker = start(f"assert [n for n in sys.modules if n == COURSE]; assert not {held}")
    assert call(worker) == "done"


def copy_without(library: str, folder: Path) -> Path:
    """Copy the engine as it is on a machine that lacks a library; returns where to import it."""
    shutil.copytree(PROJECT / "gradgate", folder / "gradgate")
    file = folder / "gradgate" / "sandbox" / "libraries.py"
    before = "importlib.import_module(name)"
    after = f"importlib.import_module(name.replace({library!r}, 'absent'))"
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    return folder


@pytest.mark.parametrize(
    ("library", "missing"),
    mark_most_long([("pyseccomp", "starting processes"), ("landlockpy", "reading other files")]),
)
def test_what_is_not_refused_is_reported_and_can_be_required(
    library: str, missing: str, tmp_path: Path
) -> None:
    harness = copy_without(library, tmp_path / "harness")
    graded = write(tmp_path / "graded", reference())
    lenient = grade(graded, "02", "-k", "relu", harness=harness)
    assert lenient.code == 0
    assert missing in lenient.data["isolation"]["open"]
    assert "NOT blocked on this machine: " in lenient.out
    strict = grade(graded, "02", "-k", "relu", "--require-isolation", harness=harness)
    assert (strict.code, strict.out, strict.data) == (2, "", {})
    assert missing in strict.err
    assert strict.err.count("\n") == 1


def test_where_all_is_refused_isolation_may_be_required(tmp_path: Path) -> None:
    run = grade(write(tmp_path, reference()), "02", "-k", "relu", "--require-isolation")
    assert run.code == 0
    assert run.data["isolation"] == {"proven": [*ACTS.values()], "open": []}
    assert "Proven blocked for the submission: reading other files; " in run.out


@pytest.mark.parametrize("user", [0, 4321])
def test_it_holds_for_root_and_for_an_ordinary_user(user: int) -> None:
    asked = ("02", "-k", "relu", "--require-isolation", "--submission", "reference")
    done = run_as(user, "gradgate", "check", *asked)
    assert done.returncode == 0, done.stderr
