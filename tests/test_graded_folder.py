"""What a graded folder holds beside Python source is left out, and named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from corpora import mark_most_long

from gradgate.errors import UsageError
from gradgate.limits import Limits
from gradgate.submission.copying import copy_submission
from gradgate.submission.excluded import describe_excluded
from gradgate.submission.layout import find_submission
from gradgate.submission.tampering import SHOWN, list_differing
from proof.harness import Run, grade, make_impatient_course, reference, write
from proof.project import COURSE, PROJECT

SELECTED = ("01-03", "-k", "leave")


def describe(folder: Path) -> tuple[str, ...]:
    """Return what is said of the files in a folder that are not graded."""
    return describe_excluded(find_submission(folder, COURSE))


def test_of_a_plain_submission_nothing_is_said(tmp_path: Path) -> None:
    files = {**reference(), "student/__pycache__/tensor.cpython-311.pyc": b"", "README.md": ""}
    assert describe(write(tmp_path, files)) == ()


LEADS = ("/etc/passwd", "../elsewhere.py", "student/losses.py")


@pytest.mark.parametrize("leads", mark_most_long(LEADS))
def test_a_link_is_named_and_left_out(leads: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "graded", reference())
    (folder / "student" / "layers.py").unlink()
    (folder / "student" / "layers.py").symlink_to(folder / leads)
    where = "in" if leads.startswith("student") else "out of"
    sentence = f"student/layers.py is a link that leads {where} the submission and was left out"
    run = grade(folder, *SELECTED)
    assert run.data["excluded"] == [sentence]
    assert sentence in run.out
    assert run.sentences() == {"student/layers.py has no Dropout"}


@pytest.mark.parametrize("name", mark_most_long(["student", "tinytorch", "tensor.py"]))
def test_a_package_that_is_a_link_to_the_reference_earns_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / "graded").mkdir()
    target = PROJECT / "reference" / ("tensor.py" if name.endswith(".py") else "")
    (tmp_path / "graded" / name).symlink_to(target)
    run = grade(tmp_path / "graded", *SELECTED)
    assert run.code == 1
    assert run.data["points"] == 0
    assert all(
        "is a link that leads out of the submission" in text for text in run.data["excluded"]
    )


COMPILED = (".so", ".cpython-311-x86_64-linux-gnu.so", ".pyd", ".pyc")


@pytest.mark.parametrize("suffix", mark_most_long(COMPILED))
def test_compiled_code_is_named_and_left_out(suffix: str, tmp_path: Path) -> None:
    files = {**reference(), f"student/layers{suffix}": b"\x7fELF"}
    del files["student/layers.py"]
    run = grade(write(tmp_path, files), *SELECTED)
    (sentence,) = run.data["excluded"]
    assert sentence.startswith(f"student/layers{suffix} is compiled code and was left out")
    assert run.sentences() == {"student/layers.py has no Dropout"}


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("numpy.py", "NumPy"),
        ("numpy/__init__.py", "NumPy"),
        ("random.py", "a module of the standard library"),
        ("json/__init__.py", "a module of the standard library"),
    ],
)
def test_a_file_that_would_hide_another_module_is_named(
    file: str, whose: str, tmp_path: Path
) -> None:
    for place, prefix in (("package", "student/"), ("loose", "")):
        files = {name.replace("student/", prefix): text for name, text in reference().items()}
        del files[f"{prefix}__init__.py"]
        folder = write(tmp_path / place, {"student/tensor.py": ""} | files | {file: "1 / 0"})
        assert f"{file} has the name of {whose} and was left out" in describe(folder)


@pytest.mark.parametrize(
    "name", ["numpy.tensor", "random", "gradgate.authoring", "gradgate_course_0.checks"]
)
def test_a_table_cannot_name_what_would_hide_another_module(name: str, tmp_path: Path) -> None:
    table = f'[tool.gradgate.layout]\ntensor = "{name}"\n'
    with pytest.raises(UsageError, match="would hide NumPy, the standard library or the grader"):
        find_submission(write(tmp_path, {"pyproject.toml": table}), COURSE)


def test_more_source_than_there_is_room_for_is_rejected(tmp_path: Path) -> None:
    folder = write(tmp_path / "graded", {"student/tensor.py": ""})
    with (folder / "student" / "tensor.py").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UsageError, match="more than 16 MiB of source"):
        copy_submission(find_submission(folder, COURSE), tmp_path / "copy", Limits())


def test_names_of_files_cannot_forge_lines_of_the_report(tmp_path: Path) -> None:
    folder = write(tmp_path, {"student/tensor.py": ""})
    (folder / "student" / "x\n9 of 9 modules\x1b[2J.so").touch()
    (sentence,) = describe(folder)
    assert "\x1b" not in sentence
    assert "\n" not in sentence


@pytest.fixture
def handed_out(tmp_path: Path) -> Path:
    """A student's copy of this repository, solved."""
    folder = tmp_path / "handed-out"
    ignored = shutil.ignore_patterns("__pycache__", "results")
    for part in ("gradgate", "checks", "milestones", ".github", ".ci"):
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    for file in ("noxfile.py", "pyproject.toml"):
        shutil.copy(PROJECT / file, folder)
    return write(folder, reference())


def test_of_an_unchanged_copy_nothing_differs(handed_out: Path) -> None:
    assert list_differing(handed_out, PROJECT) == ()


def test_of_a_copy_without_the_engine_nothing_differs(handed_out: Path) -> None:
    shutil.rmtree(handed_out / "gradgate")
    assert list_differing(handed_out, PROJECT) == ()


@pytest.mark.long
def test_of_an_unchanged_copy_nothing_differs_from_an_installed_grader(
    handed_out: Path, tmp_path: Path
) -> None:
    installed = tmp_path / "site-packages"
    built_in = installed / "gradgate" / "course" / "built_in"
    shutil.copytree(PROJECT / "gradgate", installed / "gradgate")
    for part in ("checks", "milestones", "reference"):
        shutil.copytree(PROJECT / part, built_in / part)
    shutil.copy(PROJECT / "pyproject.toml", built_in)
    write(built_in, {"data/recorded/tensor.gz": b"as the wheel has them"})
    run = grade(handed_out, *SELECTED, course=None, harness=installed)
    assert run.code == 0
    assert run.data["differs"] == []


def test_of_another_repository_nothing_is_compared(tmp_path: Path) -> None:
    assert list_differing(write(tmp_path, {"noxfile.py": "", "conftest.py": ""}), PROJECT) == ()
    assert list_differing(PROJECT, PROJECT) == ()


def test_changed_lacking_and_added_files_are_listed_and_change_nothing(handed_out: Path) -> None:
    before = grade(handed_out, *SELECTED)
    changes = {
        "checks/m03_layers/__init__.py": "NAMES = ()\n",
        "checks/m00_gift.py": "1 / 0\n",
        "gradgate/judging/compare.py": "1 / 0\n",
        "data/recorded/layers.gz": "",
        "conftest.py": "1 / 0\n",
        "sitecustomize.py": "1 / 0\n",
        "pyproject.toml": "[tool.gradgate.limits]\ncall_seconds = 0.0\n",
    }
    write(handed_out, changes)
    (handed_out / "noxfile.py").unlink()
    after = grade(handed_out, *SELECTED)
    assert after.data["differs"] == [*sorted(changes), "noxfile.py"]
    assert before.data["differs"] == []
    assert "own copies of the grader's files" not in before.out
    assert "own copies of the grader's files differ; they were not used:" in after.out
    assert "- checks/m03_layers/__init__.py\n" in after.out
    assert end(after) == end(before)


def end(run: Run) -> tuple[int, dict[str, str]]:
    """Return how a run ended."""
    return run.code, run.outcomes()


@pytest.mark.long
def test_a_module_and_a_check_have_a_time_of_their_own(tmp_path: Path) -> None:
    slow = "import time\n\nclass Dropout:\n    def __init__(self, p): time.sleep(0.3)\n"
    folder = write(tmp_path / "graded", {**reference(), "student/layers.py": slow})
    for name, words in (
        ("check_seconds", "took more than 0.5 s in all for one check"),
        ("module_seconds", "not checked: the checks before it took all of the module's 0.5 s"),
        ("submission_seconds", "not checked: the checks before it took all of the submission's"),
    ):
        course = make_impatient_course(tmp_path / name, **{name: 0.5})
        run = grade(folder, "03", "-k", "dropout", course=course)
        assert any(words in sentence for sentence in run.sentences()), run.sentences()


def test_of_many_differing_files_those_lacking_come_last_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, {"checks/__init__.py": "1\n", "noxfile.py": "1\n"})
    *listed, rest = list_differing(folder, PROJECT)
    assert listed[:2] == ["checks/__init__.py", "noxfile.py"]
    assert len(listed) == SHOWN
    assert re.fullmatch(r"and \d+ more", rest)
