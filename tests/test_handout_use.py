"""A built handout: what a student does in it, what they may try, and a new grader in mid-term."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from documents import make_reader_environment, read_blocks, run_block
from handouts import SCALAR, Made, call, git, list_files, make, nox

from gradgate import __version__
from proof.harness import contents, grade, write
from proof.project import PROJECT

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

WHEEL = f".grader/gradgate-{__version__}-py3-none-any.whl"
OFFLINE = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}
WRONG_SUM = ("[(self, 1.0), (b, 1.0)])", "[(self, 1.0), (b, 0.5)])")


def solve(folder: Path, course: Path, *edits: tuple[str, str]) -> None:
    """Put a course's reference in the place of the stubs, with some texts replaced."""
    for file in (course / "reference").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        for old, new in edits:
            text = text.replace(old, new)
        (folder / "student" / file.name).write_text(text, encoding="utf-8")


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["outcome"] for m in report["modules"] for entry in m["checks"]}


# This course's.


def test_a_handout_is_proven_before_it_is_there(made: Made) -> None:
    said = made.out.splitlines()
    assert said[0] == "every function of the stubs is its docstring and the raise"
    assert said[1] == "no file or git object holds a solution of 3 folders"
    assert said[2].startswith("the reference passes 9 of 9 modules, ")
    assert said[3].startswith("the stubs: 0 of ")
    assert said[4].startswith("an empty package: 0 of ")
    assert said[5].startswith("a wrong package, changed in autograd, optimizers, ")
    assert said[6:] == ["made: handed out and handed out.zip"]


def test_nothing_else_is_left_where_it_was_made(made: Made) -> None:
    assert {path.name for path in made.here.iterdir()} >= {"handed out", "handed out.zip", "state"}
    assert not list(made.here.glob(".*"))


def test_it_is_a_repository_of_one_commit_that_calls_the_workflow(made: Made) -> None:
    assert git(made.folder, "log", "--all", "--format=%an").split() == ["gradgate"]
    assert set(git(made.folder, "ls-files", "-z").split("\0")) - {""} >= list_files(
        made.folder
    ) - set(git(made.folder, "ls-files", "-z", "--others").split("\0"))
    workflow = (made.folder / ".github/workflows/grade.yml").read_text(encoding="utf-8")
    assert "    uses: my-school/course/.github/workflows/grade.yml@v1.2\n" in workflow
    assert len(workflow.splitlines()) == 10


def test_its_grader_is_pinned_and_a_copy_of_it_is_kept(made: Made) -> None:
    digest = hashlib.sha256((made.folder / WHEEL).read_bytes()).hexdigest()
    sums = (made.folder / ".grader" / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums == f"{digest}  {Path(WHEEL).name}\n"
    kept = made.here / "state" / "gradgate" / "wheels" / digest / Path(WHEEL).name
    assert kept.read_bytes() == (made.folder / WHEEL).read_bytes()


def test_the_zip_file_holds_the_same_files_in_order(made: Made, tmp_path: Path) -> None:
    with zipfile.ZipFile(made.here / "handed out.zip") as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    assert names == sorted(names)
    committed = set(git(made.folder, "ls-files", "-z").split("\0")) - {""}
    assert list_files(tmp_path) == committed
    assert git(tmp_path, "log", "--format=%H") == git(made.folder, "log", "--format=%H")
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_student_who_has_written_everything_does_the_course_in_it(
    made: Made, tmp_path: Path
) -> None:
    folder = shutil.copytree(made.folder, tmp_path / "Größe & co")
    solve(folder, PROJECT)
    for file in (*folder.rglob("*.py"), *folder.rglob(".grader/*S")):  # as Windows may keep them
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    python = tmp_path / "python"
    subprocess.run([sys.executable, "-m", "venv", str(python)], check=True)
    own = {"PATH": f"{python / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    blocks = [block for block in read_blocks(folder / "README.md", "README.md") if block.is_run]
    assert len(blocks) == 3
    for block in blocks:
        run_block(block, folder, {**make_reader_environment(), **own}, {"WORD": "matmul"})
    assert list(folder.glob("milestones/03_1986_mlp/results/*/*.html"))
    done = nox(folder, "-s", "check", "--", "02", "--json", "report.json", **OFFLINE)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (report["oracle"], report["passed"]) == ("recorded", True)


# The small course's: the same, in less time.


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = make(tmp_path_factory.mktemp("small"), "--course", str(SCALAR))
    done = nox(made.folder, "-s", "check")
    assert done.returncode == 1, done.stdout + done.stderr
    return made


@pytest.fixture
def folder(small: Made) -> Iterator[Path]:
    """The handout with nox already run in it; what a test does to its files is undone."""
    yield small.folder
    git(small.folder, "checkout", "--quiet", ".")
    git(small.folder, "clean", "--quiet", "-fdx", "--exclude=.nox")


def test_without_a_repository_there_is_no_workflow_and_that_is_said(small: Made) -> None:
    assert not (small.folder / ".github").exists()
    assert "there is no workflow that grades a push" in small.out


def test_files_with_the_names_of_packages_are_not_taken_for_them(folder: Path) -> None:
    solve(folder, SCALAR)
    shadow = "raise SystemExit('taken for a package')\n"
    names = ("numpy.py", "click.py", "gradgate/__init__.py", "gradgate.py")
    write(folder, dict.fromkeys(names, shadow))
    done = nox(folder, "-s", "check", PYTHONPATH=".", **OFFLINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 modules passed" in done.stdout


@pytest.mark.parametrize("words", [["99"], ["--bogus"], ["--submission", "nowhere"]])
def test_a_wrong_command_ends_with_exit_code_2(folder: Path, words: list[str]) -> None:
    assert nox(folder, "-s", "check", "--", *words, **OFFLINE).returncode == 2


def test_what_a_student_adds_is_neither_oracle_nor_checks(folder: Path) -> None:
    solve(folder, SCALAR, WRONG_SUM)
    truth = grade(folder, course=SCALAR)
    write(
        folder,
        {
            "pyproject.toml": (SCALAR / "pyproject.toml").read_text(encoding="utf-8"),
            "reference/__init__.py": "",
            "reference/value.py": "from ..student.value import *\n",
            "reference/backward.py": "from ..student.backward import *\n",
            "conftest.py": "raise SystemExit(0)\n",
        },
    )
    shutil.copytree(SCALAR / "checks", folder / "checks")
    checks = folder / "checks" / "m02_backward.py"
    checks.write_text(checks.read_text(encoding="utf-8").partition("\n@check")[0] + PASSES)
    done = nox(folder, "-s", "check", "--", "--json", "report.json", **OFFLINE)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert done.returncode == 1
    assert report["oracle"] == "recorded"
    assert outcomes(report) == truth.outcomes()
    assert "failed" in outcomes(report).values()


PASSES = '''

@check(inputs=one_number, hint="None.")
def add(api: Any, a: float) -> dict[str, Any]:
    """Everything is right."""
    return {"one": 1}
'''


def test_a_test_explorer_shows_each_check_and_why_it_fails(folder: Path) -> None:
    solve(folder, SCALAR, WRONG_SUM)
    write(folder, {"numpy.py": "raise SystemExit('taken for a package')\n"})
    (python,) = (folder / ".nox" / "check").glob("*/python")
    done = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-rA"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    truth = grade(folder, course=SCALAR)
    marks = {"passed": "PASSED", "failed": "FAILED"}
    for module in truth.data["modules"]:
        for check in module["checks"]:
            name = f"Test{module['number']:02d}{module['name'].capitalize()}::test[{check['id']}]"
            line = f"{marks[check['outcome']]} .grader/test_checks.py::{name}"
            assert line in done.stdout
            if check["outcome"] == "failed":
                assert check["title"] in done.stdout
    assert done.returncode == 1
    assert "should be" in done.stdout


# A new grader in mid-term.

EVIL = "open({!r}, 'w').close()\n"


def copy_old_project(into: Path) -> Path:
    """Make the last version of the project: another number, an easier check, an older stub."""
    into.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, into)
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("gradgate", "examples/scalar"):
        shutil.copytree(PROJECT / name, into / name, ignore=ignore)
    for name, old, new in (
        ("gradgate/__init__.py", f'"{__version__}"', '"0.1.9"'),
        ("examples/scalar/checks/m01_value.py", ', "a + number": api.Value(a) + b', ""),
        ("examples/scalar/student/value.py", "starts at 0.0.", "starts at zero."),
    ):
        text = (into / name).read_text(encoding="utf-8")
        assert old in text
        (into / name).write_text(text.replace(old, new), encoding="utf-8")
    return into


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What the last version handed out, with a student's work that is not committed."""
    here = tmp_path_factory.mktemp("old")
    project = copy_old_project(here / "project")
    made = make(here, "--course", str(project / "examples" / "scalar"), engine=project)
    wraps_nothing = ("number if isinstance(number, Value) else Value(number)", "number")
    solve(made.folder, SCALAR, wraps_nothing)
    write(made.folder, {"notes.txt": "mine"})
    return made


def read(folder: Path) -> dict[str, bytes]:
    return {name: data for name, (_, data) in contents(folder).items()}


def plant_evil_wheel(folder: Path, mark: Path) -> None:
    """Put a wheel in the place of the grader that leaves a mark where it is run."""
    (wheel,) = (folder / ".grader").glob("*.whl")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("gradgate/__main__.py", EVIL.format(str(mark)))
        archive.writestr("evil.pth", f"import os; {EVIL.format(str(mark))}")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_update_replaces_the_grader_alone_and_lists_what_changes(old: Made) -> None:
    folder = shutil.copytree(old.folder, old.here / "updated")
    head, before = git(folder, "rev-parse", "HEAD"), read(folder)
    done = call(old.here, "--update", "updated", "--course", str(SCALAR))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "changed since it was handed out: student/value.py" in done.stdout
    assert "changed verdict: value.adds: passed → failed\n" in done.stdout
    after = read(folder)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert {".grader/gradgate-0.1.9-py3-none-any.whl", WHEEL, ".grader/SHA256SUMS"} == changed
    assert git(folder, "rev-parse", "HEAD") == head
    graded = nox(folder, "-s", "check", "--", "--json", "report.json")
    assert graded.returncode == 1
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["versions"]["gradgate"] == __version__
    assert outcomes(report)["value.adds"] == "failed"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_update_that_fails_leaves_the_folder_as_it_was_and_never_runs_its_wheel(
    old: Made, tmp_path: Path
) -> None:
    folder = shutil.copytree(old.folder, tmp_path / "student's")
    plant_evil_wheel(folder, tmp_path / "mark")
    write(folder, {".github": "a file where a folder has to be"})
    before = read(folder)
    github = ("--repository", "my-school/course", "--ref", "v2")
    done = call(tmp_path, "--update", str(folder), "--course", str(SCALAR), *github)
    assert done.returncode == 2
    assert "could not be updated and is as it was" in done.stderr
    assert "changed stubs and verdicts are not listed" in done.stdout
    assert read(folder) == before
    assert not (tmp_path / "mark").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"state", "student's"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_wheel_that_was_handed_out_can_be_named_where_no_copy_was_kept(
    old: Made, tmp_path: Path
) -> None:
    folder = shutil.copytree(old.folder, tmp_path / "student's")
    plant_evil_wheel(folder, tmp_path / "mark")
    (handed_out,) = (old.folder / ".grader").glob("*.whl")
    github = ("--repository", "my-school/course", "--ref", "v2", "--previous", str(handed_out))
    done = call(tmp_path, "--update", str(folder), "--course", str(SCALAR), *github)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "changed verdict: value.adds: passed → failed\n" in done.stdout
    assert "@v2" in (folder / ".github/workflows/grade.yml").read_text(encoding="utf-8")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("student/backward.py", "\n\ndef help(out):\n    out.grad = 1.0\n", "not only stubs"),
        (
            "checks/m01_value.py",
            "# return Value(max(self.data, 0.0), [(self, float(self.data > 0))])\n",
            "holds solutions",
        ),
    ],
)
def test_a_solution_is_not_handed_out(tmp_path: Path, file: str, text: str, message: str) -> None:
    course = shutil.copytree(SCALAR, tmp_path / "course")
    with (course / file).open("a", encoding="utf-8") as opened:
        opened.write(text)
    done = call(tmp_path, "new", "--course", str(course), "--zip", "new.zip")
    assert done.returncode == 2
    assert message in done.stderr
    assert Path(file).name in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"course"}
