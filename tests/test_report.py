"""The report says the same as text and as data, and the data is what the schema describes."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from corpora import mark_most_long
from packages import WORTHLESS

from gradgate.reporting.json_report import VERSION
from gradgate.reporting.terminal import render_findings
from gradgate.results import (
    Cause,
    CauseKind,
    CheckResult,
    ModuleResult,
    Outcome,
    Report,
    Versions,
)
from proof.harness import MODULES, Run, grade, reference, write
from proof.project import PROJECT

SCHEMA = json.loads((PROJECT / "docs" / "report.schema.json").read_text(encoding="utf-8"))

SUBMISSIONS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "right": (reference(), ("01-03", "-k", "leave")),
    "wrong": (
        reference(
            activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"),
            losses=("import numpy as np", "import torch"),
        ),
        ("02", "04", "-k", "s"),
    ),
    "wrong gradients": (
        reference(tensor=("(self, lambda g: g * b), (other", "(self, lambda g: g * a), (other")),
        ("05", "-k", "right gradients"),
    ),
    "not started": (dict(WORTHLESS["no files"]), ("01-09", "-k", "leave")),
}


@pytest.fixture(scope="module", params=mark_most_long(SUBMISSIONS))
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    files, arguments = SUBMISSIONS[request.param]
    return grade(write(tmp_path_factory.mktemp("graded"), files), *arguments)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_data_is_what_the_schema_describes(run: Run) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(run.data)


def test_every_part_of_the_schema_is_described() -> None:
    parts = [SCHEMA, *(part for name, part in SCHEMA["$defs"].items() if name != "count")]
    fields = [field for part in parts for field in part.get("properties", {}).values()]
    refs = [field for field in fields if set(field) == {"$ref"}]
    assert all("description" in part for part in [*parts, *fields] if part not in refs)


def test_the_schema_names_what_a_result_may_hold() -> None:
    check, cause = SCHEMA["$defs"]["check"], SCHEMA["$defs"]["cause"]
    assert check["properties"]["outcome"]["enum"] == [*get_args(Outcome)]
    assert cause["properties"]["kind"]["enum"] == [*get_args(CauseKind)]
    assert set(cause["properties"]) == {field.name for field in fields(Cause)}
    versions = SCHEMA["properties"]["versions"]
    assert set(versions["properties"]) == {field.name for field in fields(Versions)}
    assert SCHEMA["properties"]["version"]["const"] == VERSION


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 1),
        (("versions", "checks"), "none"),
        (("versions", "torch"), "2.0"),
        (("points",), -1),
        (("oracle",), "guess"),
        (("modules",), []),
        (("modules", 0, "number"), "1"),
        (("modules", 0, "checks", 0, "outcome"), "maybe"),
        (("modules", 0, "checks", 0, "title"), "no full stop"),
        (("modules", 0, "checks", 0, "outcome"), "not judged"),
        (("modules", 0, "checks", 0, "cause"), {"kind": "value", "sentence": "wrong"}),
        (("modules", 0, "checks", 0, "verdict"), True),
    ],
)
def test_the_schema_rejects_other_data(path: tuple[Any, ...], value: Any) -> None:
    data = copy.deepcopy(PASSING)
    target = data
    for step in path[:-1]:
        target = target[step]
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    target[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)


PASSING: dict[str, Any] = {
    "schema": "gradgate-report",
    "version": 2,
    "submission": ".",
    "seed": 0,
    "oracle": "reference",
    "versions": {
        "gradgate": "0.2.0",
        "python": "3.13.0rc1",
        "numpy": "2.3.1",
        "hypothesis": "6.170.15",
        "checks": 64 * "0",
    },
    "passed": True,
    "points": 1,
    "possible": 1,
    "isolation": {"proven": ["starting processes"], "open": []},
    "excluded": [],
    "differs": ["noxfile.py"],
    "modules": [
        {
            "number": 1,
            "name": "tensor",
            "file": "student/tensor.py",
            "status": "passed",
            "passed": True,
            "points": 1,
            "possible": 1,
            "seconds": 0.1,
            "checks": [
                {
                    "id": "tensor.adds",
                    "title": "It adds.",
                    "outcome": "passed",
                    "points": 1,
                    "stretch": False,
                    "examples": 40,
                    "seconds": 0.1,
                }
            ],
        }
    ],
}


def test_points_add_up(run: Run) -> None:
    for total in ("points", "possible"):
        assert run.data[total] == sum(module[total] for module in run.data["modules"])
    for module in run.data["modules"]:
        gating = [check for check in module["checks"] if not check["stretch"]]
        passed = [check for check in gating if check["outcome"] == "passed"]
        assert module["points"] == sum(check["points"] for check in passed)
        assert module["possible"] == sum(check["points"] for check in gating)


def test_the_table_has_a_row_for_every_module_asked_for(run: Run) -> None:
    rows = run.out.splitlines()[2 : 2 + len(run.data["modules"])]
    for row, module in zip(rows, run.data["modules"], strict=True):
        assert row.startswith(f"{module['number']:02d} {module['name']} ")
        assert module["status"] in row
        assert f" {module['points']}/{module['possible']} " in row


def test_the_last_lines_count_modules_and_points(run: Run) -> None:
    passed = sum(module["passed"] for module in run.data["modules"])
    counted = f"{passed} of {len(run.data['modules'])} modules passed, {run.data['points']} of"
    assert f"\n{counted} {run.data['possible']} points.\n" in run.out
    assert ("Next: module " in run.out) == (not run.data["passed"])


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Run:
    files, arguments = SUBMISSIONS["wrong"]
    return grade(write(tmp_path_factory.mktemp("wrong"), files), *arguments)


def test_a_failure_shows_input_difference_hint_and_snippet(wrong: Run) -> None:
    failure = next(part for part in wrong.out.split("✗ ") if part.startswith("02 activations"))
    check = wrong.checks()["activations.relu"]
    assert failure.startswith(f"02 activations · {check['title']}\n")
    text = " ".join(failure.split())
    assert "ReLU()(x) = 1, should be 0" in text
    assert "smallest failing input: x = 0" in text
    assert "off by 1" in text
    assert f"Hint: {check['hint']}" in text
    assert "from student.activations import ReLU" in text


def test_failures_with_one_cause_are_reported_once(wrong: Run) -> None:
    losses = wrong.module("losses")
    assert wrong.out.count("imports torch") == 1
    assert f"and {len(losses['checks']) - 1} more checks" in " ".join(wrong.out.split())


def test_one_more_check_is_counted_as_one(tmp_path: Path) -> None:
    files = {**reference(), "student/activations.py": "import torch\n"}
    run = grade(write(tmp_path, files), "02", "-k", "sigmoid_")
    assert len(run.checks()) == 2
    assert re.search(r"— and 1 more check$", run.out, re.MULTILINE)


def test_a_wrong_gradient_names_the_input_it_is_the_gradient_of(tmp_path: Path) -> None:
    files, arguments = SUBMISSIONS["wrong gradients"]
    cause = grade(write(tmp_path, files), *arguments).checks()["autograd.multiply"]["cause"]
    assert (cause["result"], cause["gradient_of"]) == ("grad of a", "a")


def test_the_line_of_a_check_that_cannot_use_a_result_is_shown(tmp_path: Path) -> None:
    files = reference(tensor=("    def numpy(self)", "    numpy = None\n\n    def other(self)"))
    run = grade(write(tmp_path, files), "01", "-k", "holds_float32")
    (sentence,) = run.sentences()
    line, _, exception = sentence.partition(" fails: ")
    assert "t.numpy()" in line
    assert exception == "TypeError: 'NoneType' object is not callable"


def test_the_next_step_names_the_first_module_that_fails_and_the_place(wrong: Run) -> None:
    assert wrong.out.splitlines()[-1].startswith("Next: module 02 activations, student/activations")


def test_lines_fit_a_terminal(wrong: Run) -> None:
    prose = [line for line in wrong.out.splitlines() if not line.startswith(("✗", "      "))]
    assert max(map(len, prose)) <= 100


def test_a_report_of_all_modules_lists_them_in_order(tmp_path: Path) -> None:
    run = grade(write(tmp_path, {}), "09", "03", "01", "-k", "keeps")
    names = [module["name"] for module in run.data["modules"]]
    assert names == [MODULES[0], MODULES[2], MODULES[8]]


def test_what_could_not_be_checked_is_shown_apart_and_without_a_hint() -> None:
    check = CheckResult(
        id="tensor.adds",
        title="a + b adds.",
        hint="Add.",
        points=1,
        stretch=False,
        outcome="could not check",
        cause=Cause(kind="harness", sentence="the reference fails tensor.adds"),
    )
    module = ModuleResult(
        number=1, name="tensor", file="tensor.py", names=(), checks=(check,), seconds=0.0
    )
    assert module.status == "could not check"
    assert module.possible == 0
    text = " ".join("\n\n".join(render_findings(make_report(module))).split())
    assert "Could not be checked: the reference fails tensor.adds. This is the grader's" in text
    assert "- 01 tensor · a + b adds." in text
    assert "✗" not in text
    assert "Hint" not in text


def make_report(*modules: ModuleResult) -> Report:
    """Return a report of these modules."""
    versions = Versions(gradgate="", python="", numpy="", hypothesis="", checks="")
    return Report(submission=".", seed=0, oracle="recorded", versions=versions, modules=modules)
