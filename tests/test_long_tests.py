"""Long tests are left out, and counted, unless they are asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import mark_most_long

from proof.harness import write
from proof.project import PROJECT

TESTS = """
import pytest
from corpora import mark_most_long

@pytest.mark.parametrize("case", mark_most_long(range(12)))
def test_one(case):
    pass

@pytest.mark.long
def test_other():
    pass
"""
SENTENCE = "11 long tests were left out; nox -s tests -- --all runs them"


@pytest.mark.parametrize(
    ("arguments", "passed", "left_out"),
    [([], 2, True), (["-n", "2"], 2, True), (["--all"], 13, False), (["-m", "long"], 11, False)],
    ids=["as usual", "in two processes", "--all", "-m long"],
)
def test_long_tests_are_run_when_they_are_asked_for(
    arguments: list[str], passed: int, left_out: bool, tmp_path: Path
) -> None:
    write(tmp_path, {"test_some.py": TESTS})
    for file in ("conftest.py", "corpora.py"):
        shutil.copy(PROJECT / "tests" / file, tmp_path)
    settings = ["-c", str(PROJECT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    plugins = ["-p", "no:cacheprovider", "-p", "pytest_timeout", "-p", "xdist.plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *settings, *arguments, str(tmp_path)],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # Hypothesis takes a second
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f" {passed} passed" in done.stdout
    assert (SENTENCE in done.stdout.splitlines()) == left_out


def test_the_short_run_takes_the_first_of_every_so_many() -> None:
    cases = mark_most_long(["a", ("b", "c"), "d", "e", "f"], every=2)
    assert [case.values for case in cases] == [("a",), ("b", "c"), ("d",), ("e",), ("f",)]
    assert [bool(case.marks) for case in cases] == [False, True, False, True, False]
