"""The parts are as independent as the design says, and the course's checks are complete.

The order of imports is a contract of import-linter, in pyproject.toml.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradgate.authoring import Check
from gradgate.course import Course, load_course
from proof.project import COURSE, PROJECT

SCALARS = load_course(PROJECT / "examples" / "scalar")
COURSES = {"tensors": COURSE, "scalars": SCALARS}
CHECKS = [(check.id, check) for course in COURSES.values() for check in course.checks.values()]

PARTS = ("checks", "milestones", "reference")  # of a course
NOT_THE_ENGINE = {*PARTS, "student", "tinytorch", "proof", "tests", "benchmarks", "examples"}
ENGINE_FILES = sorted((PROJECT / "gradgate").rglob("*.py"))
CHECK_FILES = sorted(file for c in COURSES.values() for file in (c.folder / "checks").rglob("*.py"))
COURSE_FILES = sorted(
    file for c in COURSES.values() for part in PARTS for file in (c.folder / part).rglob("*.py")
)

# What runs in a worker, and so may be loaded there.
IN_THE_WORKER = {"authoring", "course", "errors", "limits", "protocol", "sandbox", "worker"}
LOAD = """
import json, sys
from pathlib import Path
from gradgate.course import load_course
from gradgate.worker import crash_dump, fork_server, server
load_course(Path(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""


def list_imports(file: Path) -> Iterator[str]:
    """Yield every module that a file imports by its full name, `__import__` and the like included.

    Those under `if TYPE_CHECKING` are left out: they import nothing when the file runs.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {id(node) for block in tree.body if is_for_types(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and re.search(r"import\w*$", ast.unparse(node.func)):
            arguments = (a.value for a in node.args if isinstance(a, ast.Constant))
            yield from (argument for argument in arguments if isinstance(argument, str))


def is_for_types(block: ast.stmt) -> bool:
    """Tell whether a statement is `if TYPE_CHECKING`."""
    return isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"


def name_file(file: Path) -> str:
    """Return how a file is called in the names of tests."""
    return str(file.relative_to(PROJECT))


@pytest.mark.parametrize("file", ENGINE_FILES, ids=name_file)
def test_nothing_in_the_engine_imports_a_course_or_its_proof_by_name(file: Path) -> None:
    assert not {name.partition(".")[0] for name in list_imports(file)} & NOT_THE_ENGINE


@pytest.mark.parametrize("file", COURSE_FILES, ids=name_file)
def test_a_course_imports_its_own_files_relatively(file: Path) -> None:
    assert not {name.partition(".")[0] for name in list_imports(file)} & {*PARTS}


@pytest.mark.parametrize("file", CHECK_FILES, ids=name_file)
def test_a_file_of_checks_imports_no_more_of_the_engine_than_it_may(file: Path) -> None:
    for name in list_imports(file):
        assert name.startswith("gradgate.authoring.") or name.partition(".")[0] != "gradgate"
        assert not f"{name}.".startswith(("gradgate.authoring.draw.", "hypothesis."))


def test_imports_are_found_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text(
        "from typing import TYPE_CHECKING\nimport a, b.c as d\nfrom e.f import g, h\n"
        "from . import i\nfrom .j import k\ndef later():\n    import l\n"
        "import_module('m')\n__import__('n')\nif TYPE_CHECKING:\n    import o\n"
    )
    found = set(list_imports(tmp_path / "file.py"))
    assert found == {"typing.TYPE_CHECKING", "a", "b.c", "e.f.g", "e.f.h", "l", "m", "n"}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_what_runs_in_a_worker_loads_neither_hypothesis_nor_the_judge(course: Course) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, course.folder],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = json.loads(done.stdout)
    tops = {name.partition(".")[0] for name in loaded}
    outside = {"hypothesis", "rich", "tabulate", "pytest", "click", "jinja2", "platformdirs"}
    assert not tops & (outside | NOT_THE_ENGINE)
    own = {name.split(".")[1] for name in loaded if name.startswith("gradgate.")}
    assert own <= IN_THE_WORKER
    of_the_course = {name.split(".")[1] for name in loaded if name.startswith(f"{course.package}.")}
    assert of_the_course == {"checks"}


def test_there_are_nine_modules_in_course_order() -> None:
    assert [module.number for module in COURSE.modules] == [*range(1, 10)]
    assert COURSE.names[0] == "tensor"
    assert COURSE.names[-1] == "spatial"


def test_there_are_at_least_120_checks_that_count() -> None:
    assert sum(not check.stretch for check in COURSE.checks.values()) >= 120


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_ids_and_titles_are_unique(course: Course) -> None:
    checks = [check for module in course.modules for check in module.checks]
    assert len({check.id for check in checks}) == len(checks)
    assert len({check.title for check in checks}) == len(checks)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_check_belongs_to_the_module_it_is_listed_in(course: Course) -> None:
    for module in course.modules:
        assert module.checks
        assert {check.module for check in module.checks} == {module.name}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_name_of_the_contract_belongs_to_one_module(course: Course) -> None:
    names = [name for module in course.modules for name in module.names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("check", [check for _, check in CHECKS], ids=[name for name, _ in CHECKS])
def test_a_check_says_what_it_is_about_in_one_sentence_with_a_hint(check: Check) -> None:
    assert check.title
    assert check.title.endswith(".")
    assert "\n" not in check.title
    assert check.hint.strip() == check.hint != ""
    assert check.points >= 1
    assert check.examples >= 1
