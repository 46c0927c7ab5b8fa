"""What the command line takes, rejects, writes and returns, and which course it grades by."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpora import mark_most_long
from tiny_course import make_course, make_submission

from gradgate import __version__
from gradgate.cli import main
from gradgate.errors import UsageError
from gradgate.sandbox.libraries import can_confine
from proof.harness import (
    CHECKS,
    MODULES,
    grade,
    make_impatient_course,
    reference,
    running_below,
    write,
)
from proof.project import COURSE, PROJECT

REFERENCE = PROJECT / "reference"
RELU = ("02", "-k", "relu")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ([], range(1, 10)),
        (["05"], [5]),
        (["5"], [5]),
        (["autograd"], [5]),
        (["01-04"], [1, 2, 3, 4]),
        (["tensor-losses"], [1, 2, 3, 4]),
        (["09-09"], [9]),
        (["03", "01-02", "layers"], [1, 2, 3]),
    ],
)
def test_modules_are_named_by_number_name_or_range(wanted: list[str], numbers: list[int]) -> None:
    assert [module.number for module in COURSE.select(wanted)] == list(numbers)


@pytest.mark.parametrize(
    "word", ["0", "10", "00", "tensors", "4-2", "01-", "-02", "1-99", "", "x-y"]
)
def test_a_module_that_does_not_exist_is_rejected_with_those_that_do(word: str) -> None:
    with pytest.raises(UsageError, match=f"no module '{word}'; the modules are 01 tensor, 02"):
        COURSE.select([word])


@pytest.mark.parametrize("word", ["matmul", "MATMUL", "softmax"])
def test_a_word_selects_the_checks_that_mention_it(word: str) -> None:
    chosen = [check for module in COURSE.select([], word) for check in module.checks]
    assert 0 < len(chosen) < len(CHECKS)
    assert all(word.lower() in f"{check.id} {check.title}".lower() for check in chosen)


def test_a_word_narrows_the_modules_named() -> None:
    (losses,) = COURSE.select(["losses"], "softmax")
    assert losses.name == "losses"
    assert COURSE.select(["01"], "tensor.")[0].checks == COURSE.select(["01"])[0].checks


def test_a_word_that_selects_nothing_is_rejected() -> None:
    with pytest.raises(UsageError, match="no check matches -k 'quaternion'"):
        COURSE.select([], "quaternion")


def test_all_modules_are_graded_if_none_is_named() -> None:
    assert [module.name for module in COURSE.select([])] == list(MODULES)


Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Run the command line in this process: faster, but only for what grades nothing."""
    monkeypatch.chdir(PROJECT)
    handler = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    yield run
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_the_verbs_and_the_options_of_each(option: str, ask: Ask) -> None:
    listed = ask(option)
    assert (listed.returncode, listed.stderr) == (0, "")
    for verb in ("check", "milestone", "data", "record"):
        assert re.search(rf"^  {verb} +[A-Z]", listed.stdout, re.MULTILINE)
        own = ask(verb, option)
        assert (own.returncode, own.stderr) == (0, "")
        assert own.stdout.startswith(f"Usage: gradgate {verb} ")


def test_the_version_is_printed() -> None:
    done = gradgate("--version")
    assert (done.returncode, done.stdout) == (0, f"gradgate {__version__}\n")


def test_exit_code_0_says_that_all_modules_asked_for_pass() -> None:
    assert grade(REFERENCE, "--", *RELU).code == 0


def test_exit_code_1_says_that_some_fail(tmp_path: Path) -> None:
    assert grade(write(tmp_path, {}), "01-02", "-k", "relu").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["12"],
        ["-k", "quaternion"],
        ["-k"],
        ["--seed", "red"],
        ["--colour"],
        ["--submission", "nowhere"],
        ["--submission", "pyproject.toml"],
        ["--json", "nowhere/report.json"],
        ["--course", "nowhere"],
        ["--course", "student"],
    ],
)
def test_exit_code_2_says_that_nothing_was_graded_and_why(arguments: list[str], ask: Ask) -> None:
    done = ask("check", "--submission", "reference", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"^(Error|gradgate): ", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["examine"], ["--colour"], ["02"]])
def test_exit_code_2_says_that_there_is_no_such_verb_or_option(
    arguments: list[str], ask: Ask
) -> None:
    done = ask(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"^Error: ", done.stderr, re.MULTILINE)


def test_exit_code_2_says_that_the_harness_failed(tmp_path: Path) -> None:
    broken = make_own_course(tmp_path / "course")
    write(broken, {"reference/activations.py": "raise OSError('the disk is gone')"})
    run = grade(REFERENCE, *RELU, course=broken)
    assert run.code == 2
    assert "gradgate: " in run.err


def make_own_course(folder: Path) -> Path:
    """Make this course with files of its own for checks and reference."""
    make_impatient_course(folder)
    for part in ("checks", "reference"):
        (folder / part).unlink()
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    return folder


def test_exit_code_2_says_that_it_was_interrupted(tmp_path: Path) -> None:
    slow = "import time\n\nclass Tensor:\n    def __init__(self, *given): time.sleep(4)\n"
    folder = write(tmp_path / "graded", {"student/tensor.py": slow})
    (tmp_path / "here").mkdir()
    command = [sys.executable, "-m", "gradgate", "check", "01", "--submission", str(folder)]
    with subprocess.Popen(
        command,
        cwd=tmp_path / "here",
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path / "here")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as grading:
        while not [*(tmp_path / "here").glob("gradgate-*/tensor/scratch-*")]:
            time.sleep(0.02)
        grading.send_signal(signal.SIGINT)
        out, err = grading.communicate(timeout=60)
    assert (grading.returncode, out) == (2, "")
    assert err.strip() == "gradgate: interrupted; run the command again"
    assert running_below(tmp_path / "here") == []
    assert [*(tmp_path / "here").iterdir()] == []


@pytest.mark.long
def test_a_report_is_replaced_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    for seed in ("1", "2"):
        assert check(*RELU, "--seed", seed, "--json", str(file)).returncode == 0
        assert json.loads(file.read_text())["seed"] == int(seed)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    "arguments",
    [["12"], ["--submission", "nowhere"], ["--course", "nowhere"], ["--seed", "1"]],
)
def test_a_run_that_grades_nothing_leaves_no_report_of_an_earlier_one(
    arguments: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    file.write_text('{"schema": "gradgate-report"}')
    (tmp_path / "here").mkdir()
    words = ["check", "--submission", str(REFERENCE), "--json", str(file), *arguments]
    command = [sys.executable, "-m", "gradgate", *words]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path / "here")}
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as grading:
        while grading.poll() is None and not [*(tmp_path / "here").glob("gradgate-*")]:
            time.sleep(0.02)
        grading.kill()  # as when the machine ends: nothing tidies up
    assert not file.exists()


@pytest.mark.parametrize("text", ["my thesis", '{"schema": "other"}', "[]", "", "\0"])
def test_a_file_that_is_no_report_is_never_overwritten(text: str, tmp_path: Path, ask: Ask) -> None:
    file = tmp_path / "thesis"
    file.write_text(text)
    done = ask("check", "--submission", "reference", *RELU, "--json", str(file))
    assert done.returncode == 2
    assert f"{file}: exists and is not a report" in done.stderr
    assert file.read_text() == text


def test_a_report_cannot_be_written_over_a_folder(tmp_path: Path) -> None:
    assert check(*RELU, "--json", str(tmp_path)).returncode == 2


@pytest.mark.long
def test_progress_is_a_plain_line_per_module_where_there_is_no_terminal() -> None:
    lines = grade(REFERENCE, "01-03", "-k", "leave").err.splitlines()
    assert sorted(lines) == ["graded 01 tensor", "graded 02 activations", "graded 03 layers"]


def test_on_a_terminal_there_are_bars_and_the_report_is_the_same() -> None:
    screen, terminal = os.openpty()
    done = check(*RELU, stderr=terminal)
    os.close(terminal)
    drawn = os.read(screen, 100_000).decode()
    os.close(screen)
    assert "\x1b[" in drawn
    assert "02 activations" in drawn
    assert "1 of 1 modules passed" in done.stdout


@pytest.mark.long
def test_the_report_can_be_printed_where_only_ascii_can(tmp_path: Path) -> None:
    wrong = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"))
    run = grade(write(tmp_path, wrong), *RELU, PYTHONIOENCODING="ascii")
    assert run.code == 1
    assert "smallest failing input" in run.out
    assert "Traceback" not in run.err


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another course, in a folder of its own."""
    return make_course(tmp_path / "other")


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """A submission that passes the other course."""
    return make_submission(tmp_path / "solved")


def test_the_course_around_the_current_folder_is_used(other: Path, solved: Path) -> None:
    for folder in (other, other / "checks"):
        run = grade(solved, course=None, folder=folder, CI="")
        assert (run.code, run.err) == (0, "graded 01 vector\n")
        assert run.outcomes() == {"vector.scales": "passed"}


def test_a_course_that_is_named_is_used_anywhere(other: Path, solved: Path) -> None:
    run = grade(solved, course=other, folder=PROJECT, CI="true")
    assert (run.code, run.err) == (0, "graded 01 vector\n")
    assert grade(other, course=other, CI="true").code == 1  # it holds no package `student`


def test_where_there_is_no_course_the_built_in_one_is_used(solved: Path) -> None:
    run = grade(solved, *RELU, course=None, folder=solved, CI="")
    assert (run.code, run.err) == (1, "graded 02 activations\n")


@pytest.mark.parametrize(
    ("graded", "arguments", "ci", "reason"),
    [
        ("other", [], "", "as it may belong to what is graded"),
        ("solved", [], "true", "as this is CI"),
        pytest.param(
            "solved",
            ["--require-isolation"],
            "",
            "as --require-isolation takes none that is only found",
            marks=pytest.mark.skipif(not can_confine(), reason="nothing is confined here"),
        ),
    ],
)
def test_a_course_that_cannot_be_trusted_is_passed_over_in_one_line(
    graded: str, arguments: list[str], ci: str, reason: str, tmp_path: Path
) -> None:
    make_submission(tmp_path / "solved")
    other = make_course(tmp_path / "other")
    ran = tmp_path / "ran"
    write(other, {"checks/m01_vector.py": f"open({str(ran)!r}, 'w')\n"})
    run = grade(tmp_path / graded, *RELU, *arguments, course=None, folder=other, CI=ci)
    notice, progress = run.err.splitlines()
    assert notice.startswith(f"gradgate: the course in {other.resolve()} is not used, {reason}; ")
    assert progress == "graded 02 activations"
    assert [module["name"] for module in run.data["modules"]] == ["activations"]
    assert not ran.exists()


def test_a_course_is_recorded_and_then_grades_without_its_reference(
    other: Path, solved: Path
) -> None:
    file = other.resolve() / "data" / "recorded" / "vector.gz"
    done = gradgate("record", "--course", str(other))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}: 1 KiB\n", "")
    shutil.rmtree(other / "reference")
    run = grade(solved, course=other)
    assert (run.code, run.data["oracle"]) == (0, "recorded")
    done = gradgate("record", "--course", str(other))
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no reference/ to record the answers of" in done.stderr


def test_the_built_in_course_is_used_from_its_own_folder_without_a_word(tmp_path: Path) -> None:
    run = grade(write(tmp_path, reference()), *RELU, course=None, folder=PROJECT, CI="true")
    assert (run.code, run.err) == (0, "graded 02 activations\n")


def gradgate(*arguments: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the command line in the project's folder."""
    return subprocess.run(
        [sys.executable, "-m", "gradgate", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        check=False,
    )


def check(*arguments: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Grade the reference with these arguments, and nothing else, from the project's folder."""
    return gradgate("check", "--submission", "reference", *arguments, stderr=stderr)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes streams")
@pytest.mark.parametrize("closed", mark_most_long([">&-", "2>&-", ">&- 2>&-", "<&-"]))
def test_a_submission_is_confined_whichever_standard_streams_are_closed(
    closed: str, tmp_path: Path
) -> None:
    report, right = tmp_path / "report.json", write(tmp_path / "right", reference())
    words = ["check", "01", "-k", "adds", "--submission", str(right), "--json", str(report)]
    command = shlex.join([sys.executable, "-m", "gradgate", *words])
    done = subprocess.run(["sh", "-c", f"{command} {closed}"], cwd=PROJECT, check=False)
    usual = grade(right, "01", "-k", "adds").data["isolation"]
    assert done.returncode == 0
    assert json.loads(report.read_text(encoding="utf-8"))["isolation"] == usual


@pytest.mark.parametrize("verb", [["data", "nonsense"], ["record"]])
def test_data_and_record_run_no_course_that_is_only_found(verb: list[str], tmp_path: Path) -> None:
    ran, harness = tmp_path / "ran", tmp_path / "harness"
    harness.mkdir()
    shutil.copytree(PROJECT / "gradgate", harness / "gradgate")  # no reference to record
    for part in ("checks", "milestones", "pyproject.toml"):
        (harness / part).symlink_to(PROJECT / part)
    files = {
        "pyproject.toml": '[tool.gradgate]\nholder = { name = "V" }\n',
        "checks/m01_v.py": f"open({str(ran)!r}, 'w')\n",
    }
    start = "import sys; from gradgate.cli import main; sys.exit(main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(harness)}
    environment.pop("CI", None)
    done = subprocess.run(
        [sys.executable, "-c", start, *verb],
        cwd=write(tmp_path / "theirs", files),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "is not used" in done.stderr
    assert not ran.exists()


LOSES_AN_INTERRUPT = """
import gc, sys, time
import click
from gradgate import cli

@click.command()
def wait():
    def lose(phase, info):
        gc.callbacks.remove(lose)
        raise KeyboardInterrupt
    gc.callbacks.append(lose)
    gc.collect()
    time.sleep(60)

cli.gradgate.add_command(wait)
sys.exit(cli.main(["wait"]))
"""


def test_an_interrupt_that_a_callback_has_lost_is_repeated() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOSES_AN_INTERRUPT],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == "gradgate: interrupted; run the command again"


def test_folders_may_have_names_that_the_locale_cannot_spell(tmp_path: Path) -> None:
    right = write(tmp_path / "Käte Müller", reference())
    course = shutil.copytree(PROJECT / "examples" / "scalar", tmp_path / "Übung")
    scalars = shutil.copytree(course / "reference", tmp_path / "Bücher" / "student").parent
    for words in (
        ["-k", "adds", "--submission", str(right)],
        ["--course", str(course), "--submission", str(scalars)],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "gradgate", "check", "01", *words],
            cwd=PROJECT,
            env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
