"""The code under a failure runs as pasted, for every check, and shows what the check saw.

It runs from a folder with the student's package and with the engine installed: nothing of the
course is there.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gradgate.course import Course, load_course
from gradgate.examples.search import DrawnExamples
from gradgate.grading.snippet import write_snippet
from gradgate.submission.layout import Submission
from proof.harness import CHECKS, MODULES, grade, reference, write
from proof.project import COURSE, PROJECT

SCALAR = load_course(PROJECT / "examples" / "scalar")

# Runs each in a namespace of its own; writes what went wrong, and what was printed.
RUN = """
import contextlib, io, json, sys, traceback

results = {}
for name, snippets in json.load(sys.stdin).items():
    results[name] = []
    for text in snippets:
        out, error = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(text, name, "exec"), {"__name__": "__main__"})
        except BaseException:
            error = traceback.format_exc()
        results[name].append([error, out.getvalue()])
json.dump(results, sys.stdout)
"""

Snippets = dict[str, list[str]]
Outcomes = dict[str, list[tuple[str, str]]]
"""For each snippet of a check: the traceback or nothing, and what was printed."""


class Desk:
    """A student's folder, with nothing installed but the engine and what it needs."""

    def __init__(self, folder: Path, files: Mapping[str, str | bytes]) -> None:
        """Write the student's files."""
        self._folder = write(folder / "own", files)
        self._installed = folder / "site-packages"
        self._installed.mkdir()
        (self._installed / "gradgate").symlink_to(PROJECT / "gradgate")

    def run(self, code: str, stdin: str = "") -> str:
        """Run code in the folder; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._installed)},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The folder of a student who has solved everything."""
    return Desk(tmp_path_factory.mktemp("desk"), reference())


def write_snippets(course: Course) -> Snippets:
    """Write the snippets for the simplest example of every check and for another one."""
    submission = Submission({name: f"student.{name}" for name in course.names}, {})
    written: Snippets = {}
    for check in course.checks.values():
        examples = DrawnExamples().examples(dataclasses.replace(check, examples=5), 1)
        chosen = [examples[0], examples[-1]]
        written[check.id] = [write_snippet(check, one, course, submission) for one in chosen]
    return written


@pytest.fixture(scope="module")
def snippets() -> Snippets:
    """The snippets of every check of the course."""
    return write_snippets(COURSE)


@pytest.fixture(scope="module")
def outcomes(snippets: Snippets, desk: Desk) -> Outcomes:
    """What came of each of them."""
    ran: Outcomes = json.loads(desk.run(RUN, json.dumps(snippets)))
    return ran


def of(module: str) -> list[str]:
    """Return the checks of a module."""
    return [check for check in CHECKS if check.startswith(f"{module}.")]


@pytest.mark.parametrize("module", MODULES)
def test_snippets_run_without_error(module: str, outcomes: Outcomes) -> None:
    errors = [error for check in of(module) for error, _ in outcomes[check] if error]
    assert errors == []


@pytest.mark.parametrize("module", MODULES)
def test_snippets_print_something(module: str, outcomes: Outcomes) -> None:
    printed = [text for check in of(module) for _, text in outcomes[check]]
    assert len(printed) == 2 * len(of(module))
    assert all(text.strip() for text in printed)


@pytest.mark.parametrize("module", MODULES)
def test_snippets_import_numpy_and_name_no_api(module: str, snippets: Snippets) -> None:
    texts = [text for check in of(module) for text in snippets[check]]
    assert all(text.startswith("import numpy as np\n") for text in texts)
    assert not any(re.search(r"\bapi\b", text) for text in texts)


@pytest.mark.parametrize("module", MODULES)
def test_snippets_import_nothing_of_the_course(module: str, snippets: Snippets) -> None:
    texts = [text for check in of(module) for text in snippets[check]]
    assert not any(re.search(r"\b(checks|milestones|gradgate_course_\w+)\b", t) for t in texts)


@pytest.mark.parametrize("module", MODULES)
def test_one_snippet_of_a_module_runs_in_a_fresh_process(
    module: str, snippets: Snippets, desk: Desk
) -> None:
    assert desk.run(snippets[of(module)[-1]][-1]).strip()


def test_snippets_of_another_course_run_without_error(tmp_path: Path) -> None:
    files = {
        f"student/{file.name}": file.read_text(encoding="utf-8")
        for file in (SCALAR.folder / "reference").glob("*.py")
    }
    ran = json.loads(Desk(tmp_path, files).run(RUN, json.dumps(write_snippets(SCALAR))))
    assert [error for results in ran.values() for error, _ in results if error] == []


def test_a_snippet_of_a_failure_shows_the_wrong_result(tmp_path: Path) -> None:
    files = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"))
    run = grade(write(tmp_path / "graded", files), "02", "-k", "relu")
    text = run.checks()["activations.relu"]["snippet"]
    printed = Desk(tmp_path, files).run(text)
    assert printed.splitlines()[0].startswith("ReLU()(x) Tensor(1.0")
