"""The code is laid out as the design says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from grading import CHECKS, MODULES, PROJECT

from gradgate.course import catalog
from gradgate.authoring.check import Check

# In the order the data flows: each may import only what stands before it.
FLOW = (
    "errors",
    "limits",
    "last_words",
    "leftovers",
    "results",
    "scenario",
    "check",
    "gradient",
    "catalog",
    "api",
    "values",
    "wire",
    "reply",
    "submission",
    "refused",
    "protected",
    "syscalls",
    "confine",
    "probes",
    "worker",
    "fork_server",
    "spawn",
    "watchdog",
    "keeper",
    "causes",
    "draw",
    "search",
    "oracle",
    "compare",
    "trials",
    "recorded",
    "explain",
    "evidence",
    "mistakes",
    "contributions",
    "formulas",
    "traits",
    "forensics",
    "snippet",
    "judge",
    "grade",
    "blame",
    "report",
    "report_json",
    "progress",
)
IN_THE_WORKER = (
    "worker",
    "syscalls",
    "confine",
    "probes",
    "last_words",
    "fork_server",
    "api",
    "scenario",
    "values",
    "wire",
    "check",
    "gradient",
    "catalog",
)
CHECK_FILES = sorted(file.stem for file in (PROJECT / "checks").glob("m0*.py"))
PYTHON = sorted((PROJECT / "checks").rglob("*.py"))
ALL = [check for module in catalog.modules() for check in module.checks]


def imported(file: Path) -> Iterator[str]:
    """Every module of the engine that a file imports when it runs."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "checks.engine":
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("checks.engine."):
            yield (node.module or "").rpartition(".")[2]


def for_types_only(file: Path) -> set[str]:
    """What a file imports under `if TYPE_CHECKING` alone."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        (node.module or "").rpartition(".")[2]
        for block in blocks
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
    }


def loaded_by(*modules: str) -> set[str]:
    """What a fresh Python has loaded after importing modules."""
    code = f"import json, sys, {', '.join(modules)}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", FLOW)
def test_an_engine_module_imports_only_what_stands_before_it(name: str) -> None:
    file = PROJECT / "checks" / "engine" / f"{name}.py"
    allowed = {*FLOW[: FLOW.index(name)], *for_types_only(file)}
    assert set(imported(file)) <= allowed


def test_every_engine_module_has_its_place_in_the_flow() -> None:
    files = {file.stem for file in (PROJECT / "checks" / "engine").glob("*.py")}
    assert files - {"__init__"} == set(FLOW)


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(PROJECT)))
def test_only_the_oracle_imports_the_reference(file: Path) -> None:
    names = [
        name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    assert not [name for name in names if name.partition(".")[0] == "reference"]
    if file.stem != "oracle":
        assert 'import_module("reference' not in file.read_text(encoding="utf-8")


def test_what_runs_in_a_worker_loads_neither_hypothesis_nor_the_judge() -> None:
    engine = [f"checks.engine.{name}" for name in IN_THE_WORKER]
    loaded = loaded_by(*engine, *(f"checks.{name}" for name in CHECK_FILES))
    tops = {name.partition(".")[0] for name in loaded}
    assert not tops & {"hypothesis", "reference", "rich", "tabulate", "pytest"}
    own = {name.rpartition(".")[2] for name in loaded if name.startswith("checks.engine.")}
    assert own <= {*IN_THE_WORKER, "errors", "limits"}


@pytest.mark.parametrize("name", CHECK_FILES)
def test_a_file_of_checks_imports_no_more_than_it_may(name: str) -> None:
    file = PROJECT / "checks" / f"{name}.py"
    assert set(imported(file)) - for_types_only(file) <= {"check", "gradient", "scenario"}


def test_there_are_nine_modules_in_course_order() -> None:
    assert [module.number for module in catalog.modules()] == [*range(1, 10)]
    assert MODULES[0] == "tensor"
    assert MODULES[-1] == "spatial"


def test_there_are_at_least_120_checks_that_count() -> None:
    assert sum(not check.stretch for check in ALL) >= 120


def test_ids_and_titles_are_unique() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
    assert len({check.title for check in ALL}) == len(ALL)


@pytest.mark.parametrize("check", ALL, ids=CHECKS)
def test_a_check_is_told_in_one_sentence_with_a_hint(check: Check) -> None:
    assert check.title
    assert check.title.endswith(".")
    assert "\n" not in check.title
    assert check.hint.strip() == check.hint != ""
    assert check.points >= 1
    assert check.examples >= 1


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in PYTHON}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    assert [told for told, length in functions() if length > 40] == []


def test_half_of_all_functions_have_8_lines_or_fewer() -> None:
    lengths = sorted(length for _, length in functions())
    assert lengths[len(lengths) // 2] <= 8


def functions() -> Iterator[tuple[str, int]]:
    """Every function of the harness, and how many lines its definition takes."""
    for file in PYTHON:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{file.name}:{node.lineno}", (node.end_lineno or 0) - node.lineno + 1
