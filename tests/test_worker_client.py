"""A worker runs a submission alone, captures what it prints, and is replaced when it dies.

What these workers are asked for is a student's text of a Tensor, `repr(t)`: it says what they see.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import numpy as np
import pytest
from corpora import mark_most_long
from tiny_course import make_course, make_submission

from gradgate.course import load_course
from gradgate.limits import Limits
from gradgate.oracle.live import load_reference
from gradgate.protocol.frames import pack_inputs
from gradgate.submission.layout import find_submission
from gradgate.supervisor.launcher import ENVIRONMENT, ForkServer, FreshStart, Launcher
from gradgate.supervisor.worker_client import Setup, Stopped, WorkerClient
from proof.harness import write
from proof.project import COURSE, PROJECT

LIMITS = Limits()
SOURCE = """
import numpy as np, os, random, sys, time

print("imported")
calls = 0

def is_open(descriptor):
    try:
        return bool(os.fstat(descriptor))
    except OSError:
        return False

class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, np.float32)

    def __add__(self, other):
        return Tensor(self.data + other.data)

    def __repr__(self):
        global calls
        calls += 1
        {body}
"""
NOUGHT = pack_inputs({"x": np.zeros(1, np.float32)})
CALL = "tensor.shows_itself", NOUGHT

PRINTED_BY_C = "import ctypes; ctypes.CDLL(None).dprintf(1, b'three\\n')"

Start = Callable[..., WorkerClient]
"""Starts a worker whose `repr(t)` runs the lines given; limits may be changed by name."""


def make_fresh_start(course: Path) -> FreshStart:
    """Return what starts every worker as a new Python process."""
    return FreshStart()


@pytest.fixture(params=mark_most_long([ForkServer, make_fresh_start]))
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        launcher: Launcher = stack.enter_context(closing(request.param(PROJECT)))

        def start_worker(body: str, **limits: float) -> WorkerClient:
            code = write(tmp_path / "code", {"student/tensor.py": SOURCE.format(body=body)})
            setup = Setup(
                submission=find_submission(code, COURSE),
                root=code,
                module="tensor",
                course=PROJECT,
                limits=Limits(**limits),  # type: ignore[arg-type]
            )
            (tmp_path / "own").mkdir()
            return stack.enter_context(closing(WorkerClient(launcher, setup, tmp_path / "own")))

        yield start_worker


def ask_text(worker: WorkerClient, seed: int = 0) -> str:
    """Return what `repr(t)` returns in a worker."""
    reply = worker.call(*CALL, seed)
    assert reply.crash is None
    return reply.answer["repr(t)"].text


def start_again(worker: WorkerClient, body: str) -> WorkerClient:
    """Let the same worker run other lines from its next start on."""
    file = worker._setup.root / "student" / "tensor.py"
    file.write_text(SOURCE.format(body=body))
    worker.restart()
    return worker


def test_it_answers_with_what_the_submission_returns(start: Start) -> None:
    assert ask_text(start("return 'a text'")) == "a text"


def test_it_answers_with_arrays_bit_for_bit(start: Start) -> None:
    a, b = np.float32([[0.1, -0.0], [1e30, 1]]), np.float32([1, 2])
    got = start("").call("tensor.adds", pack_inputs({"a": a, "b": b}), 0).answer["a + b"].array
    assert got is not None
    assert got.tobytes() == (a + b).tobytes()


def test_it_names_what_was_raised_and_where(start: Start) -> None:
    crash = start("return {}['key']").call(*CALL, 0).crash
    assert crash is not None
    assert (crash.type, crash.message, crash.file) == ("KeyError", "'key'", "student/tensor.py")
    line = SOURCE.splitlines().index("        {body}") + 1
    assert (crash.line, crash.function.rpartition(".")[2]) == (line, "__repr__")


def test_it_names_what_is_missing(start: Start) -> None:
    reply = start("").call("activations.relu", NOUGHT, 0)
    assert reply.missing == "ReLU"


def test_it_says_which_functions_ran_if_asked(start: Start) -> None:
    worker = start("return ''")
    called = worker.call(*CALL, 0, trace=True).called
    assert {name.rpartition(":")[2] for name in called} == {"__init__", "__repr__"}
    assert worker.call(*CALL, 0).called == frozenset()


def test_what_is_printed_belongs_to_the_call_that_printed_it(start: Start) -> None:
    worker = start("print('call', calls); sys.stderr.write('loud'); return ''")
    ask_text(worker)
    assert worker.printed() == "call 1\nloud"
    ask_text(worker)
    assert worker.printed() == "call 2\nloud"


def test_what_is_printed_is_cut_and_made_printable(start: Start) -> None:
    worker = start(f"print('\\x1b[2J' + 'x' * {10 * LIMITS.output_shown}); return ''")
    ask_text(worker)
    assert worker.printed().startswith("�[2Jxxx")
    assert len(worker.printed()) < LIMITS.output_shown + 10


def test_what_is_written_to_any_standard_descriptor_is_captured(start: Start) -> None:
    worker = start(f"os.write(1, b'one '); os.write(2, b'two '); {PRINTED_BY_C}; return ''")
    ask_text(worker)
    assert worker.printed() == "one two three"


def test_standard_input_is_empty(start: Start) -> None:
    assert ask_text(start("return repr(sys.stdin.read())")) == "''"


def test_it_does_not_see_the_environment_of_the_judge(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADGATE_SECRET", "the answers")
    seen = set(ask_text(start("return ' '.join(os.environ)")).split())
    assert seen <= {*ENVIRONMENT, "HOME", "TMPDIR", "TEMP", "TMP", "LC_CTYPE"}


def test_it_can_import_the_submission_and_the_standard_library_only(
    start: Start, tmp_path: Path
) -> None:
    own, *others = ask_text(start("return '|'.join(sys.path)")).split("|")
    assert own == str(tmp_path / "code")
    assert all("site-packages" not in path for path in others)
    assert all(not (Path(path) / "checks").exists() for path in others)


@pytest.mark.parametrize(
    "module",
    ["hypothesis", "gradgate.grading", "gradgate.judging", "gradgate.oracle", "pytest", "proof"],
)
def test_it_has_not_loaded_what_a_submission_must_not_see(start: Start, module: str) -> None:
    assert ask_text(start(f"return str({module!r} in sys.modules)")) == "False"


@pytest.mark.parametrize("part", ["reference", "milestones"])
def test_of_the_course_it_has_loaded_the_checks_only(start: Start, part: str) -> None:
    names = f"[name for name in sys.modules if {part!r} in name.split('.')]"
    assert ask_text(start(f"return str({names})")) == "[]"


def test_it_cannot_import_more_of_the_course(start: Start) -> None:
    body = f"""
        try:
            import {COURSE.package}.reference
        except ImportError as error:
            return error.name
"""
    assert ask_text(start(body.strip())) == f"{COURSE.package}.reference"


def test_it_works_in_an_empty_folder_of_its_own(start: Start, tmp_path: Path) -> None:
    folder, listing = ask_text(start("return f'{os.getcwd()}|{os.listdir()}'")).split("|")
    assert Path(folder).parent == tmp_path / "own"
    assert listing == "[]"


def test_it_has_no_files_open_but_its_own(start: Start) -> None:
    worker = start("return str(sum(map(is_open, range(1000))))")
    assert ask_text(worker) == "5"  # three standard ones and two pipes


def test_its_memory_is_limited(start: Start) -> None:
    body = "import resource; return str(resource.getrlimit(resource.RLIMIT_AS))"
    assert ask_text(start(body, memory_mib=1000)) == str((1000 << 20, 1000 << 20))


def test_random_numbers_follow_the_seed_of_the_call(start: Start) -> None:
    worker = start("return f'{np.random.rand()} {random.random()}'")
    first, again, other = ask_text(worker, 1), ask_text(worker, 1), ask_text(worker, 2)
    assert first == again
    assert set(first.split()).isdisjoint(other.split())


def test_the_order_of_sets_is_the_same_in_every_worker(start: Start) -> None:
    worker = start("return str(hash('a text'))")
    first = ask_text(worker)
    worker.restart()
    assert ask_text(worker) == first


def test_one_process_serves_all_calls(start: Start) -> None:
    worker = start("return f'{os.getpid()} {calls}'")
    first, second = ask_text(worker).split(), ask_text(worker).split()
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("1", "2")
    assert worker.starts == 1


@pytest.mark.parametrize(
    ("body", "why"),
    mark_most_long(
        [
            ("os._exit(3)", "ended the whole process with exit code 3"),
            ("os.abort()", "ended the whole process by the signal SIGABRT"),
            ("os.kill(os.getpid(), 9)", "ended the whole process by the signal SIGKILL"),
            ("os.kill(os.getpid(), 40)", "ended the whole process by the signal "),
            ("os.closerange(3, 9)", "ended the whole process"),
            ("while True: pass", "did not finish within 1 s"),
            ("while True: print('again ' * 1000)", "printed more than 8 MiB in one call"),
        ]
    ),
)
def test_a_fresh_process_takes_over_from_one_that_ended(start: Start, body: str, why: str) -> None:
    worker = start(body)
    worker.call_seconds = 1.0
    with pytest.raises(Stopped, match=why):
        ask_text(worker)
    assert ask_text(start_again(worker, "return 'alive'")) == "alive"
    assert worker.starts == 2


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "then", mark_most_long(["while True: pass", "os._exit(1)", "return 'alive'"])
)
def test_taking_away_the_file_it_prints_to_does_no_harm(start: Start, then: str) -> None:
    remove = "os.path.exists('../output') and os.remove('../output')"
    worker = start(f"{remove}\n        {then}")
    worker.call_seconds = 1.0
    with suppress(Stopped):
        ask_text(worker)
    assert worker.printed() == ""
    assert ask_text(start_again(worker, "print('here'); return 'alive'")) == "alive"
    assert worker.printed() == "here"


def test_a_fresh_process_remembers_nothing(start: Start) -> None:
    worker = start("return str(calls)")
    ask_text(worker)
    worker.restart()
    assert ask_text(worker) == "1"


def test_one_check_may_take_only_so_long_in_all(start: Start) -> None:
    worker = start("time.sleep(0.3); return 'alive'", check_seconds=0.2)
    worker.start()
    for _ in range(2):
        worker.begin_check()
        assert ask_text(worker) == "alive"
        with pytest.raises(Stopped, match=r"took more than 0.2 s in all for one check"):
            ask_text(worker)


def test_what_is_asked_for_may_be_the_scenarios_of_another_module_of_the_course(
    tmp_path: Path,
) -> None:
    course, code = make_course(tmp_path / "course", factor=7), make_submission(tmp_path / "code")
    setup = Setup(
        submission=find_submission(code, load_course(course)),
        root=code,
        module="vector",
        course=course,
        limits=LIMITS,
        scenarios="milestones.commands",
    )
    with closing(ForkServer(course)) as launcher:
        worker = WorkerClient(launcher, setup, tmp_path)
        with closing(worker):
            answer = worker.call("factor", NOUGHT, 0).answer["factor"]
            other = worker.call("vector.scales", NOUGHT, 0).crash
    assert answer.array is not None
    assert answer.array.tolist() == 7
    assert other is not None
    assert other.type == "KeyError"


def test_after_a_call_without_end_nobody_waits_as_long_again(start: Start) -> None:
    worker = start("while True: pass")
    worker.call_seconds = LIMITS.call_seconds_after_timeout + 1
    with pytest.raises(Stopped) as stopped:
        ask_text(worker)
    assert stopped.value.slow
    assert worker.call_seconds == LIMITS.call_seconds_after_timeout


def test_a_call_is_far_cheaper_than_a_fresh_process(start: Start) -> None:
    worker = start("return ''")
    begin = time.perf_counter()
    ask_text(worker)
    starting, calls = time.perf_counter() - begin, _measure(lambda: ask_text(worker))
    assert starting > 20 * statistics.median(calls)


def test_a_call_costs_little_more_than_its_scenario(start: Start) -> None:
    a, b = np.ones((64, 64), np.float32), np.ones((64, 64), np.float32)
    worker, adds, packed = start(""), COURSE.checks["tensor.adds"], pack_inputs({"a": a, "b": b})
    worker.call(adds.id, packed, 0)
    api = load_reference(COURSE)
    remote = statistics.median(_measure(lambda: worker.call(adds.id, packed, 0)))
    local = statistics.median(_measure(lambda: adds.scenario(api, a, b)))
    assert remote < 100 * local


def _measure(call: Callable[[], object]) -> list[float]:
    seconds = []
    for _ in range(200):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return seconds
