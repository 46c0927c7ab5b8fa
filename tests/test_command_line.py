"""What the command line takes, refuses, writes and returns."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from grading import CHECKS, MODULES, PROJECT, grade, reference, write

from gradgate.course.catalog import select
from gradgate.errors import UsageError

REFERENCE = PROJECT / "reference"


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
    assert [module.number for module in select(wanted)] == list(numbers)


@pytest.mark.parametrize(
    "word", ["0", "10", "00", "tensors", "4-2", "01-", "-02", "1-99", "", "x-y"]
)
def test_a_module_that_does_not_exist_is_refused_with_those_that_do(word: str) -> None:
    with pytest.raises(UsageError, match=f"no module '{word}'; the modules are 01 tensor, 02"):
        select([word])


@pytest.mark.parametrize("word", ["matmul", "MATMUL", "softmax"])
def test_a_word_selects_the_checks_that_mention_it(word: str) -> None:
    chosen = [check for module in select([], word) for check in module.checks]
    assert 0 < len(chosen) < len(CHECKS)
    assert all(word.lower() in f"{check.id} {check.title}".lower() for check in chosen)


def test_a_word_narrows_the_modules_named() -> None:
    (losses,) = select(["losses"], "softmax")
    assert losses.name == "losses"
    assert select(["01"], "tensor.")[0].checks == select(["01"])[0].checks


def test_a_word_that_selects_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="no check matches -k 'quaternion'"):
        select([], "quaternion")


def test_all_modules_are_graded_if_none_is_named() -> None:
    assert [module.name for module in select([])] == list(MODULES)


def test_exit_code_0_says_that_all_modules_asked_for_pass() -> None:
    assert grade(REFERENCE, "--", "02", "-k", "relu").code == 0


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
    ],
)
def test_exit_code_2_says_that_nothing_was_graded_and_why(arguments: list[str]) -> None:
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"error: |gradgate: ", done.stderr)
    assert "Traceback" not in done.stderr


def test_exit_code_2_says_that_the_harness_failed(tmp_path: Path) -> None:
    broken = tmp_path / "harness"
    for part in ("checks", "reference"):
        write(broken, {str(f.relative_to(PROJECT)): f.read_text() for f in _sources(part)})
    write(broken, {"pyproject.toml": (PROJECT / "pyproject.toml").read_text()})
    write(broken, {"reference/activations.py": "raise OSError('the disk is gone')"})
    run = grade(REFERENCE, "02", "-k", "relu", harness=broken)
    assert run.code == 2
    assert "gradgate: " in run.err


def _sources(part: str) -> list[Path]:
    return [*(PROJECT / part).rglob("*.py")]


def test_a_report_is_replaced_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    for seed in ("1", "2"):
        code = command("02", "-k", "relu", "--seed", seed, "--json", str(file)).returncode
        assert code == 0
        assert json.loads(file.read_text())["seed"] == int(seed)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("text", ["my thesis", '{"schema": "other"}', "[]", "", "\0"])
def test_a_file_that_is_no_report_is_never_overwritten(text: str, tmp_path: Path) -> None:
    file = tmp_path / "thesis"
    file.write_text(text)
    done = command("02", "-k", "relu", "--json", str(file))
    assert done.returncode == 2
    assert f"{file}: exists and is not a report" in done.stderr
    assert file.read_text() == text


def test_a_report_cannot_be_written_over_a_folder(tmp_path: Path) -> None:
    assert command("02", "-k", "relu", "--json", str(tmp_path)).returncode == 2


def test_progress_is_a_plain_line_per_module_where_there_is_no_terminal() -> None:
    run = grade(REFERENCE, "01-03", "-k", "leave")
    told = run.err.splitlines()
    assert sorted(told) == ["graded 01 tensor", "graded 02 activations", "graded 03 layers"]


def test_on_a_terminal_there_are_bars_and_the_report_is_the_same() -> None:
    screen, terminal = os.openpty()
    done = command("02", "-k", "relu", stderr=terminal)
    os.close(terminal)
    shown = os.read(screen, 100_000).decode()
    os.close(screen)
    assert "\x1b[" in shown
    assert "02 activations" in shown
    assert "1 of 1 modules passed" in done.stdout


def test_the_report_can_be_printed_where_only_ascii_can(tmp_path: Path) -> None:
    wrong = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"))
    run = grade(write(tmp_path, wrong), "02", "-k", "relu", PYTHONIOENCODING="ascii")
    assert run.code == 1
    assert "smallest failing input" in run.out
    assert "Traceback" not in run.err


def command(*arguments: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Grade the reference with these arguments, and nothing else, from the project's folder."""
    return subprocess.run(
        [sys.executable, "-m", "checks", "--submission", "reference", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        check=False,
    )
