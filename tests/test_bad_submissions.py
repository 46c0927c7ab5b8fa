"""Code that breaks, hangs or fights gets a verdict of one line; all else is graded as usual.

Each submission is the reference with one thing wrong in its layers: at import or in Dropout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from corpora import mark_most_long

from proof.harness import (
    Files,
    Run,
    contents,
    grade,
    make_impatient_course,
    reference,
    write,
)

FILE = "student/layers.py"
SELECTED = ("02-03", "-k", "leave")
FAILING = {"layers.dropout_leaves_its_input_alone"}
ENDED = "ended the whole process "
FORBIDDEN = "only NumPy and the standard library may be imported"
LOOP = "did not finish within {} s: look for a loop that never ends"


@dataclass(frozen=True)
class Bad:
    """What is wrong, in one line of Python, and what the verdict must say of it and where."""

    line: str
    verdict: str
    before: str = ""
    place: str = "{file}:{line}"

    def at_import(self) -> Files:
        """The layers are this one line, on line 2 or below."""
        return {**reference(), FILE: f"{self.before}\n{self.line}\n"}

    def in_a_call(self) -> Files:
        """Dropout begins with this one line."""
        start = "        if self.p == 0 or not"
        edited = reference(layers=(start, f"        {self.line}\n{start}"))
        return {
            **edited,
            FILE: edited[FILE].replace("import math\n", f"import math\n{self.before}"),
        }


ALLOCATION = Bad("np.ones(8 << 30)", "needs more than 2 GiB of memory", "import numpy as np\n")
CRASH = Bad("ctypes.string_at(0)", f"{ENDED}by the signal SIGSEGV", "import ctypes\n")
OS_EXIT = Bad("os._exit(0)", f"{ENDED}with exit code 0", "import os\n")
SYS_EXIT = Bad("sys.exit()", "ends the program (SystemExit)", "import sys\n")
LINES = Bad("for i in range(10**7): print(i, 'of many ' * 20)", "printed more than 8 MiB")
DESCRIPTORS = Bad(
    "for file in range(64): spill(file)",
    "interfered with the grader's own pipe",
    "import os\ndef spill(file):\n    try: os.write(file, b'{' * 64)\n    except OSError: pass\n",
    place="",  # what came out of the pipe does not say who wrote it
)
INTERRUPT = Bad("raise KeyboardInterrupt", "KeyboardInterrupt")
OUTLANDISH = Bad("raise type('Bye', (BaseException,), {})('now')", "Bye: now")
UNSPEAKABLE = Bad(
    "raise Mute",
    "Mute: (its message could not be printed)",
    "class Mute(Exception):\n    def __str__(self): raise ValueError\n",
)
RECURSION = Bad(
    "return self.forward(x, training)",
    "RecursionError: maximum recursion depth exceeded",
    place="{file}",  # some versions of Python name the line of the def
)
CHILD = Bad(
    "sleeper = subprocess.Popen(['sleep', '60']); raise OSError('begotten')",
    "PermissionError: [Errno 1] Operation not permitted",
    "import subprocess\n",
)
AT_IMPORT = {
    "a syntax error": Bad("def (:", "cannot be read (SyntaxError: "),
    "a null byte": Bad("x = '\0'", "cannot be read (SyntaxError: ", place="{file}"),
    "a NumPy name that does not exist": Bad(
        "np.rectified", "module 'numpy' has no attribute 'rectified'", "import numpy as np\n"
    ),
    "a name of its own that does not exist": Bad(
        "from .tensor import Matrix", "ImportError: cannot import name 'Matrix'"
    ),
    "a file that does not exist": Bad(
        "from .convolution import Conv", "there is no such file in the submission"
    ),
    "an import of torch": Bad("import torch", f"imports torch: {FORBIDDEN}"),
    "an import of the reference": Bad("import reference", f"imports reference: {FORBIDDEN}"),
    "an import of Hypothesis": Bad("import hypothesis", f"imports hypothesis: {FORBIDDEN}"),
    "sys.exit at import": SYS_EXIT,
    "os._exit at import": OS_EXIT,
    "an endless loop at import": Bad("while True: pass", LOOP.format(2)),
    "a crash at import": CRASH,
    "64 GiB at import": ALLOCATION,
    "ten million lines at import": LINES,
    "writing to every descriptor at import": DESCRIPTORS,
    "an outlandish exception at import": OUTLANDISH,
    "a mute exception at import": UNSPEAKABLE,
    "a child process at import": CHILD,
}
FORGED = Bad("raise SyntaxError('forged', (__file__, float('inf'), 1, ''))", "SyntaxError: forged")
IN_A_CALL = {
    "sys.exit in a call": SYS_EXIT,
    "os._exit in a call": OS_EXIT,
    "an endless loop in a call": Bad("while True: pass", LOOP.format(1)),
    "a crash in a call": CRASH,
    "64 GiB in a call": ALLOCATION,
    "ten million lines in a call": LINES,
    "writing to every descriptor in a call": DESCRIPTORS,
    "an interrupt in a call": INTERRUPT,
    "an outlandish exception in a call": OUTLANDISH,
    "a mute exception in a call": UNSPEAKABLE,
    "endless recursion in a call": RECURSION,
    "a child process in a call": CHILD,
    "a syntax error of its own making in a call": replace(FORGED, place="{file}"),
    "a name unknown in a call": Bad("return relu(x)", "NameError: name 'relu' is not defined"),
}


@dataclass(frozen=True)
class Graded:
    """A bad submission, how it was graded, and whether its folder changed."""

    run: Run
    place: str
    verdict: str
    changed: bool


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, but less patient with loops."""
    folder = tmp_path_factory.mktemp("course")
    return make_impatient_course(folder, call_seconds=1.0, import_seconds=2.0)


@pytest.fixture(scope="module", params=[*mark_most_long(AT_IMPORT), *mark_most_long(IN_A_CALL)])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, course: Path
) -> Graded:
    bad = {**AT_IMPORT, **IN_A_CALL}[request.param]
    files = bad.at_import() if request.param in AT_IMPORT else bad.in_a_call()
    folder = write(tmp_path_factory.mktemp("bad"), files)
    before = contents(folder)
    run = grade(folder, *SELECTED, course=course)
    lines = str(files[FILE]).splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.strip() == bad.line)
    place = bad.place.format(file=FILE, line=line)
    return Graded(run, place, bad.verdict, contents(folder) != before)


def test_the_verdict_says_in_one_line_what_is_wrong(graded: Graded) -> None:
    (sentence,) = graded.run.sentences("layers")
    assert graded.verdict in sentence
    assert "\n" not in sentence


def test_the_verdict_names_file_and_line(graded: Graded) -> None:
    (sentence,) = graded.run.sentences("layers")
    assert re.search(rf"{graded.place}\b", sentence)


def test_a_person_reads_the_verdict_and_no_traceback(graded: Graded) -> None:
    assert graded.verdict in " ".join(graded.run.out.split())
    assert "Traceback" not in graded.run.out + graded.run.err


def test_the_other_module_is_graded_as_usual(graded: Graded) -> None:
    other = graded.run.module("activations")
    assert (other["status"], other["passed"]) == ("passed", True)


def test_the_checks_that_run_it_fail(graded: Graded) -> None:
    assert graded.run.outcomes("layers") == dict.fromkeys(FAILING, "failed")
    assert graded.run.module("layers")["points"] == 0


def test_the_exit_code_is_that_of_a_failing_student(graded: Graded) -> None:
    assert graded.run.code == 1


def test_nothing_is_left_running(graded: Graded) -> None:
    assert graded.run.still_running == []


def test_nothing_is_left_in_the_temporary_folder(graded: Graded) -> None:
    assert graded.run.left_behind == []


def test_nothing_is_written_into_the_graded_folder(graded: Graded) -> None:
    assert not graded.changed


def test_the_verdict_on_an_import_cycle_names_where_it_closes(tmp_path: Path) -> None:
    cycle = {
        FILE: "from .blocks import Block\n\nclass Linear(Block):\n    pass\n",
        "student/blocks.py": "import math\nfrom .layers import Linear\n",
    }
    run = grade(write(tmp_path, {**reference(), **cycle}), *SELECTED)
    (sentence,) = run.sentences("layers")
    assert "cannot import name 'Linear' from partially initialized module" in sentence
    assert "student/blocks.py:2" in sentence
    assert run.module("activations")["passed"]
    assert run.code == 1


def test_numpy_and_the_standard_library_may_be_imported(tmp_path: Path) -> None:
    allowed = "import decimal, sqlite3, numpy.polynomial\nfrom numpy.lib.stride_tricks import *\n"
    edited = reference(layers=("import math\n", f"import math\n{allowed}"))
    assert grade(write(tmp_path, edited), *SELECTED).code == 0
