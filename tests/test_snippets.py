"""The code under a failure runs as it stands, for every check, and shows what the check saw."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from grading import CHECKS, MODULES, PROJECT, grade, reference, write

# Draws the simplest example and some others of every check and writes the snippets for them.
DRAW = """
import dataclasses, json, sys
from gradgate.course import catalog
from gradgate.examples import search
from gradgate.grading import snippet
from gradgate.submission.layout import Submission

layout = {module.name: f"reference.{module.name}" for module in catalog.modules()}
written = {}
for module in catalog.modules():
    for check in module.checks:
        examples = []
        few = dataclasses.replace(check, examples=5)
        search.search(few, 1, lambda inputs: examples.append(inputs))
        chosen = [examples[0], examples[-1]]
        written[check.id] = [snippet.snippet(check, one, Submission(layout, {})) for one in chosen]
json.dump(written, sys.stdout)
"""
# Runs each in a namespace of its own; tells what went wrong, and what was printed.
RUN = """
import contextlib, io, json, sys, traceback

results = {}
for name, snippets in json.load(sys.stdin).items():
    told = results[name] = []
    for text in snippets:
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(text, name, "exec"), {"__name__": "__main__"})
            told.append(["", out.getvalue()])
        except BaseException:
            told.append([traceback.format_exc(), out.getvalue()])
json.dump(results, sys.stdout)
"""


Snippets = dict[str, list[str]]
Outcomes = dict[str, list[tuple[str, str]]]
"""For each snippet of a check: the traceback or nothing, and what was printed."""


def python(code: str, stdin: str = "") -> Any:
    """Run code in the project's folder and read the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def snippets() -> Snippets:
    found: Snippets = python(DRAW)
    return found


@pytest.fixture(scope="module")
def outcomes(snippets: Snippets) -> Outcomes:
    ran: Outcomes = python(RUN, json.dumps(snippets))
    return ran


def of(module: str) -> list[str]:
    """The checks of a module."""
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


def test_a_snippet_of_a_failure_shows_the_wrong_result(tmp_path: Path) -> None:
    files = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"))
    text = grade(write(tmp_path, files), "02", "-k", "relu").checks()["activations.relu"]["snippet"]
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[0].startswith("ReLU()(x) Tensor(1.0")
