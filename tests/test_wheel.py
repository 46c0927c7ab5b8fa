"""The wheel: built, installed apart from the source tree, and used from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradgate import __version__
from gradgate.handout.installed import install_wheel
from proof.harness import grade, reference, write
from proof.project import PROJECT

pytestmark = pytest.mark.long  # a small course's wheel is in test_handout.py

WRONG = reference(
    layers=("kept * scale)", "kept * scale * 1.5)"),
    losses=("return (difference * difference).mean()", "return (difference * difference).sum()"),
)


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel beside nothing else."""
    python = install_wheel(wheel, tmp_path_factory.mktemp("environment"))
    return python.with_name("gradgate")


def run(command: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    del environment["NOX_CURRENT_SESSION"]
    return subprocess.run(
        [str(command), *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to call the command from."""
    folder = tmp_path / "empty"
    folder.mkdir()
    yield folder
    assert not [path for path in folder.iterdir() if path.name != "report.json"]


def check(command: Path, empty: Path, submission: Path) -> tuple[int, dict[str, Any]]:
    done = run(command, empty, "check", "--submission", str(submission), "--json", "report.json")
    assert (empty / "report.json").exists(), done.stderr
    return done.returncode, json.loads((empty / "report.json").read_text(encoding="utf-8"))


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["outcome"] for m in report["modules"] for entry in m["checks"]}


def test_it_says_its_version(command: Path, empty: Path) -> None:
    assert run(command, empty, "--version").stdout == f"gradgate {__version__}\n"


def test_a_right_package_passes_all_nine_modules(
    command: Path, empty: Path, tmp_path: Path
) -> None:
    code, report = check(command, empty, write(tmp_path / "right", reference()))
    assert (code, report["points"], report["possible"]) == (0, 179, 179)
    assert report["oracle"] == "recorded"
    assert report["versions"]["gradgate"] == __version__


@pytest.mark.parametrize("kind", ["stubs", "nothing"])
def test_what_is_not_begun_earns_nothing(
    command: Path, empty: Path, tmp_path: Path, kind: str
) -> None:
    stubs = {f"student/{p.name}": p.read_text() for p in (PROJECT / "student").glob("*.py")}
    files = stubs if kind == "stubs" else {"student/__init__.py": ""}
    code, report = check(command, empty, write(tmp_path / kind, files))
    assert (code, report["points"]) == (1, 0)
    assert not report["passed"]


def test_a_wrong_package_fails_what_it_fails_with_the_reference_present(
    command: Path, empty: Path, tmp_path: Path
) -> None:
    wrong = write(tmp_path / "wrong", WRONG)
    _, report = check(command, empty, wrong)
    live = grade(wrong)
    assert outcomes(report) == live.outcomes()
    assert "failed" in outcomes(report).values()


def test_a_milestone_is_run_and_says_what_was_not_judged(command: Path, tmp_path: Path) -> None:
    right, folder = write(tmp_path / "right", reference()), tmp_path / "here"
    folder.mkdir()
    done = run(command, folder, "milestone", "03/01", "--submission", str(right), "--seed", "5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "03/01 passed." in done.stdout
    assert "no reference here" in done.stdout


def test_it_hands_nothing_out_and_says_where_that_is_done(
    command: Path, empty: Path, tmp_path: Path
) -> None:
    done = run(command, empty, "handout", str(tmp_path / "new"))
    assert done.returncode == 2
    assert "hand out in a checkout of the project" in done.stderr
    assert not (tmp_path / "new").exists()


def test_it_holds_the_course_and_nothing_that_stays_with_the_staff(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        texts = [archive.read(name) for name in names if name.endswith(".py")]
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"gradgate", f"gradgate-{__version__}.dist-info"}
    assert "gradgate/py.typed" in names
    course = {name.split("/")[3] for name in names if name.startswith("gradgate/course/built_in/")}
    assert course == {"checks", "data", "milestones", "pyproject.toml", "student"}
    hidden = [p.read_bytes() for p in (PROJECT / "reference").glob("*.py")]
    assert not set(texts) & set(hidden)
    assert wheel.stat().st_size <= 10 << 20
