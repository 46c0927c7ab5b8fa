"""A worker runs a submission alone, captures what it prints, and is replaced when it dies.

A student's text of a Tensor, `repr(t)`, is what these workers are asked for: it says what they see.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import numpy as np
import pytest
from grading import MODULES, write

from gradgate import limits
from gradgate.authoring.api import Api
from gradgate.course.catalog import checks_by_id
from gradgate.supervisor.worker_client import Setup, Stopped, Worker
from gradgate.supervisor.launcher import ENVIRONMENT, ForkServer, FreshStart, Spawner
from gradgate.submission.layout import find

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
CALL = "tensor.shows_itself", {"x": np.zeros(1, np.float32)}

PRINTED_BY_C = "import ctypes; ctypes.CDLL(None).dprintf(1, b'three\\n')"

Start = Callable[[str], Worker]
"""Starts a worker whose `repr(t)` runs the lines given."""


@pytest.fixture(params=[ForkServer, FreshStart])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        spawner: Spawner = stack.enter_context(closing(request.param()))

        def started(body: str) -> Worker:
            write(tmp_path / "code", {"student/tensor.py": SOURCE.format(body=body)})
            setup = Setup(find(tmp_path / "code", MODULES), tmp_path / "code", "tensor", False)
            (tmp_path / "own").mkdir()
            return stack.enter_context(closing(Worker(spawner, setup, tmp_path / "own")))

        yield started


def text(worker: Worker, seed: int = 0) -> str:
    """What `repr(t)` returns in a worker."""
    reply = worker.call(*CALL, seed)
    assert reply.crash is None
    return reply.answer["repr(t)"].text


def start_again(worker: Worker, body: str) -> Worker:
    """Let the same worker run other lines from its next start on."""
    file = worker._setup.root / "student" / "tensor.py"
    file.write_text(SOURCE.format(body=body))
    worker.restart()
    return worker


def test_it_answers_with_what_the_submission_returns(start: Start) -> None:
    assert text(start("return 'a text'")) == "a text"


def test_it_answers_with_arrays_bit_for_bit(start: Start) -> None:
    a, b = np.float32([[0.1, -0.0], [1e30, 1]]), np.float32([1, 2])
    got = start("").call("tensor.adds", {"a": a, "b": b}, 0).answer["a + b"].array
    assert got is not None
    assert got.tobytes() == (a + b).tobytes()


def test_it_names_what_was_raised_and_where(start: Start) -> None:
    crash = start("return {}['key']").call(*CALL, 0).crash
    assert crash is not None
    assert (crash.type, crash.message, crash.file) == ("KeyError", "'key'", "student/tensor.py")
    line = SOURCE.splitlines().index("        {body}") + 1
    assert (crash.line, crash.function.rpartition(".")[2]) == (line, "__repr__")


def test_it_names_what_is_missing(start: Start) -> None:
    reply = start("").call("activations.relu", {"x": np.zeros(1, np.float32)}, 0)
    assert reply.missing == "ReLU"


def test_it_tells_which_functions_ran_if_asked(start: Start) -> None:
    worker = start("return ''")
    called = worker.call(*CALL, 0, trace=True).called
    assert {name.rpartition(":")[2] for name in called} == {"__init__", "__repr__"}
    assert worker.call(*CALL, 0).called == frozenset()


def test_what_is_printed_belongs_to_the_call_that_printed_it(start: Start) -> None:
    worker = start("print('call', calls); sys.stderr.write('loud'); return ''")
    text(worker)
    assert worker.printed() == "call 1\nloud"
    text(worker)
    assert worker.printed() == "call 2\nloud"


def test_what_is_printed_is_cut_and_made_printable(start: Start) -> None:
    worker = start(f"print('\\x1b[2J' + 'x' * {10 * limits.OUTPUT_SHOWN}); return ''")
    text(worker)
    assert worker.printed().startswith("�[2Jxxx")
    assert len(worker.printed()) < limits.OUTPUT_SHOWN + 10


def test_what_is_written_to_any_standard_descriptor_is_captured(start: Start) -> None:
    worker = start(f"os.write(1, b'one '); os.write(2, b'two '); {PRINTED_BY_C}; return ''")
    text(worker)
    assert worker.printed() == "one two three"


def test_standard_input_is_empty(start: Start) -> None:
    assert text(start("return repr(sys.stdin.read())")) == "''"


def test_it_does_not_see_the_environment_of_the_judge(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADGATE_SECRET", "the answers")
    seen = set(text(start("return ' '.join(os.environ)")).split())
    assert seen <= {*ENVIRONMENT, "HOME", "TMPDIR", "TEMP", "TMP", "LC_CTYPE"}


def test_it_can_import_the_submission_and_the_standard_library_only(
    start: Start, tmp_path: Path
) -> None:
    own, *others = text(start("return '|'.join(sys.path)")).split("|")
    assert own == str(tmp_path / "code")
    assert all("site-packages" not in path for path in others)
    assert all(not (Path(path) / "checks").exists() for path in others)


@pytest.mark.parametrize("module", ["hypothesis", "reference", "gradgate.grading.judge", "pytest"])
def test_it_has_not_loaded_what_a_submission_must_not_see(start: Start, module: str) -> None:
    assert text(start(f"return str({module!r} in sys.modules)")) == "False"


def test_it_works_in_an_empty_folder_of_its_own(start: Start, tmp_path: Path) -> None:
    folder, listing = text(start("return f'{os.getcwd()}|{os.listdir()}'")).split("|")
    assert Path(folder).parent == tmp_path / "own"
    assert listing == "[]"


def test_it_has_no_files_open_but_its_own(start: Start) -> None:
    worker = start("return str(sum(map(is_open, range(1000))))")
    assert text(worker) == "5"  # three standard ones and two pipes


def test_its_memory_is_limited(start: Start) -> None:
    body = "import resource; return str(resource.getrlimit(resource.RLIMIT_AS))"
    assert text(start(body)) == str((limits.MEMORY_BYTES, limits.MEMORY_BYTES))


def test_random_numbers_follow_the_seed_of_the_call(start: Start) -> None:
    worker = start("return f'{np.random.rand()} {random.random()}'")
    first, again, other = text(worker, 1), text(worker, 1), text(worker, 2)
    assert first == again
    assert set(first.split()).isdisjoint(other.split())


def test_the_order_of_sets_is_the_same_in_every_worker(start: Start) -> None:
    worker = start("return str(hash('a text'))")
    first = text(worker)
    worker.restart()
    assert text(worker) == first


def test_one_process_serves_all_calls(start: Start) -> None:
    worker = start("return f'{os.getpid()} {calls}'")
    first, second = text(worker).split(), text(worker).split()
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("1", "2")
    assert worker.starts == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("os._exit(3)", "ended the whole process with exit code 3"),
        ("os.abort()", "ended the whole process by the signal SIGABRT"),
        ("os.kill(os.getpid(), 9)", "ended the whole process by the signal SIGKILL"),
        ("os.kill(os.getpid(), 40)", "ended the whole process by the signal "),
        ("os.closerange(3, 9)", "ended the whole process"),
        ("while True: pass", "did not finish within 1 s"),
        ("while True: print('again ' * 1000)", "printed more than 8 MiB in one call"),
    ],
)
def test_a_fresh_process_takes_over_from_one_that_ended(start: Start, body: str, why: str) -> None:
    worker = start(body)
    worker.call_seconds = 1.0
    with pytest.raises(Stopped, match=why):
        text(worker)
    assert text(start_again(worker, "return 'alive'")) == "alive"
    assert worker.starts == 2


@pytest.mark.timeout(30)
@pytest.mark.parametrize("then", ["while True: pass", "os._exit(1)", "return 'alive'"])
def test_taking_away_the_file_it_prints_to_does_no_harm(start: Start, then: str) -> None:
    remove = "os.path.exists('../output') and os.remove('../output')"
    worker = start(f"{remove}\n        {then}")
    worker.call_seconds = 1.0
    with suppress(Stopped):
        text(worker)
    assert worker.printed() == ""
    assert text(start_again(worker, "print('here'); return 'alive'")) == "alive"
    assert worker.printed() == "here"


def test_a_fresh_process_remembers_nothing(start: Start) -> None:
    worker = start("return str(calls)")
    text(worker)
    worker.restart()
    assert text(worker) == "1"


def test_after_a_call_without_end_nobody_waits_as_long_again(start: Start) -> None:
    worker = start("while True: pass")
    worker.call_seconds = limits.CALL_SECONDS_AFTER_TIMEOUT + 1
    with pytest.raises(Stopped) as stopped:
        text(worker)
    assert stopped.value.slow
    assert worker.call_seconds == limits.CALL_SECONDS_AFTER_TIMEOUT


def test_a_call_is_far_cheaper_than_a_fresh_process(start: Start) -> None:
    worker = start("return ''")
    begin = time.perf_counter()
    text(worker)
    starting, calls = time.perf_counter() - begin, _times(lambda: text(worker))
    assert starting > 20 * statistics.median(calls)


def test_a_call_costs_little_more_than_its_scenario(start: Start) -> None:
    a, b = np.ones((64, 64), np.float32), np.ones((64, 64), np.float32)
    worker, adds = start(""), checks_by_id()["tensor.adds"]
    worker.call(adds.id, {"a": a, "b": b}, 0)
    api = Api({name: f"reference.{name}" for name in MODULES})
    remote = statistics.median(_times(lambda: worker.call(adds.id, {"a": a, "b": b}, 0)))
    local = statistics.median(_times(lambda: adds.scenario(api, a, b)))
    assert remote < 100 * local


def _times(call: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(200):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return times
