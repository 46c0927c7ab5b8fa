"""The stand-in for a runner of GitHub Actions does as a runner does, or refuses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from workflow_runner import Job, Step, evaluate, fill, list_commands, run_script


def make_job(tmp_path: Path) -> Job:
    (tmp_path / "workspace").mkdir()
    contexts = {"inputs": {"name": "x'y", "yes": True}, "steps": {"one": {"outputs": {"n": "0"}}}}
    return Job(root=tmp_path, contexts=contexts, actions={}, variables={"PATH": os.environ["PATH"]})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.name", "x'y"),
        ("inputs.name == 'X''Y'", True),
        ("inputs.nothing || 'other'", "other"),
        ("inputs.yes && 'a' || 'b'", "a"),
        ("!inputs.yes && 'a' || 'b'", "b"),
        ("steps.one.outputs.n == '0'", True),
        ("steps.one.outputs.m == '0'", True),  # nothing is 0: a trap of GitHub's
        ("steps.one.outputs.m == 'true'", False),
        ("always() && (success() != failure())", True),
        ("${{ inputs.yes }}", True),
    ],
)
def test_the_stand_in_evaluates_as_github_does(expression: str, value: Any, tmp_path: Path) -> None:
    assert evaluate(expression, make_job(tmp_path)) == value


@pytest.mark.parametrize(
    "expression",
    ["env.x", "hashFiles('x')", "inputs.name <= 1", "inputs.*", "'open", "a b", "", "always(", "("],
)
def test_the_stand_in_knows_no_other_expression(expression: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"known|early|closed"):
        evaluate(expression, make_job(tmp_path))


def test_the_stand_in_passes_on_what_a_script_writes_to_the_runners_files(tmp_path: Path) -> None:
    job = make_job(tmp_path)
    first = "echo a=1 >> $GITHUB_ENV; echo b=2 >> $GITHUB_OUTPUT; echo /x >> $GITHUB_PATH"
    step = run_script(f"{first}; echo c >> $GITHUB_STEP_SUMMARY; false | true; echo no", {}, job)
    assert (step.outcome, step.code, step.outputs, job.summary) == ("failure", 1, {"b": "2"}, "c\n")
    step = run_script('echo "$a $d ${PATH%%:*}"', {"d": "${{ inputs.name }}"}, job)
    assert step == Step(outcome="success", out="1 x'y /x\n")
    assert fill("${{ inputs.yes }} ${{ inputs.none }}", job) == "true "


def test_the_stand_in_obeys_no_command_while_they_are_stopped() -> None:
    out = (
        "::error file=a::b\n::stop-commands::t\n::error::c\n##[error]d\n::t::\n ::notice::e\n##[f]"
    )
    assert list_commands(out) == [("error", "b"), ("notice", "e"), ("##[", "##[f]")]
