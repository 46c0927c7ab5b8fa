"""A submission is found in the usual places or where its table says, and copied, never touched."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from corpora import mark_most_long

from gradgate.errors import UsageError
from gradgate.limits import Limits
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import Submission, find_submission
from proof.harness import MODULES, Files, contents, grade, reference, timeless, write
from proof.project import COURSE

LAYOUTS = {
    "student": ("student/", "student.{}"),
    "TinyTorch": ("tinytorch/core/", "tinytorch.core.{}"),
    "a package": ("", "mytorch.{}"),
}
TABLE = "[tool.gradgate.layout]\n"


def move(prefix: str, files: Files) -> Files:
    """Return the same files in another folder."""
    return {name.replace("student/", prefix): text for name, text in files.items()}


def find(folder: Path, files: Files) -> Submission:
    """Return what is found in a folder with these files."""
    return find_submission(write(folder, files), COURSE)


def copy(submission: Submission, into: Path) -> set[str]:
    """Copy a submission; returns the names of the files in the copy."""
    copy_submission(submission, into, Limits())
    copied = (path for path in into.rglob("*") if path.is_symlink() or not path.is_dir())
    return {path.relative_to(into).as_posix() for path in copied}


@pytest.mark.parametrize("layout", mark_most_long(LAYOUTS))
def test_the_usual_layouts_are_found_and_graded(layout: str, tmp_path: Path) -> None:
    prefix, path = LAYOUTS[layout]
    folder = write(tmp_path / "mytorch", move(prefix, reference()))
    assert find_submission(folder, COURSE).layout == {name: path.format(name) for name in MODULES}
    run = grade(folder, "01-03", "-k", "leave")
    assert run.code == 0
    assert run.module("layers")["file"] == f"{path.format('layers').replace('.', '/')}.py"


def test_loose_files_are_found_and_graded(tmp_path: Path) -> None:
    folder = write(tmp_path, {"tensor.py": reference()["student/tensor.py"]})
    assert find_submission(folder, COURSE).layout["losses"] == "losses"
    assert grade(folder, "01", "-k", "leave").code == 0


@pytest.mark.long
def test_a_package_may_have_any_name(tmp_path: Path) -> None:
    for name in ("my-torch 2", "numpy", "checks", "gradgate"):
        folder = write(tmp_path / name, move("", reference()))
        assert grade(folder, "03", "-k", "leave").code == 0


def test_one_module_may_be_a_package_of_its_own(tmp_path: Path) -> None:
    files = reference()
    files["student/tensor/__init__.py"] = files.pop("student/tensor.py")
    assert grade(write(tmp_path, files), "01-03", "-k", "leave").code == 0


def test_the_first_usual_layout_that_was_begun_counts(tmp_path: Path) -> None:
    both = {"student/__init__.py": "", "tinytorch/core/tensor.py": "x = 1"}
    assert find(tmp_path, both).layout["tensor"] == "tinytorch.core.tensor"
    assert find(tmp_path, {"student/layers.py": ""}).layout["tensor"] == "student.tensor"


def test_an_empty_folder_is_a_student_package_not_yet_begun(tmp_path: Path) -> None:
    empty = find_submission(tmp_path, COURSE)
    assert empty.file("tensor") == "student/tensor.py"
    assert not any(empty.has(module) for module in MODULES)


def test_a_table_says_where_the_modules_are(tmp_path: Path) -> None:
    lines = [f'{name} = "src.deep.my_{name}"' for name in MODULES]
    files: dict[str, str | bytes] = {"pyproject.toml": TABLE + "\n".join(lines)}
    imports = re.compile(rf"from \.({'|'.join(MODULES)}) import")
    for name, text in reference().items():
        stem = Path(name).stem
        own = f"src/deep/{'my_' * (stem in MODULES)}{stem}.py"
        files[own] = imports.sub(r"from .my_\1 import", text)
    run = grade(write(tmp_path, files), "01-03", "-k", "leave")
    assert run.code == 0
    assert run.module("layers")["file"] == "src/deep/my_layers.py"


def test_a_table_may_name_some_modules_only(tmp_path: Path) -> None:
    table = TABLE + 'tensor = "core.numbers"\n'
    files = {"pyproject.toml": table, "core/numbers.py": "", "student/layers.py": ""}
    layout = find(tmp_path, files).layout
    assert (layout["tensor"], layout["layers"]) == ("core.numbers", "student.layers")


def test_a_pyproject_without_our_table_changes_nothing(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[project]\nname = 'other'\n", "student/tensor.py": ""}
    assert find(tmp_path, files).layout["tensor"] == "student.tensor"


@pytest.mark.parametrize(
    "text",
    [
        TABLE + 'tensors = "student.tensor"',
        TABLE + 'tensor = "student/tensor.py"',
        TABLE + 'tensor = "..student.tensor"',
        TABLE + 'tensor = ""',
        TABLE + "tensor = 1",
        TABLE + 'tensor = ["student"]',
        "[tool.gradgate]\nlayout = 'student'",
        "[tool]\ngradgate = 3",
        "tool = 1",
        "[tool.gradgate.layout",
        b"\xff\xfe",
    ],
)
def test_a_table_that_cannot_be_used_is_named(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml") as error:
        find(tmp_path, {"pyproject.toml": text, "student/tensor.py": ""})
    assert "\n" not in str(error.value)


def test_a_wrong_module_in_a_table_is_answered_with_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'tensors'; the modules are tensor, activations"):
        find(tmp_path, {"pyproject.toml": TABLE + 'tensors = "a"'})


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_a_path_that_is_no_folder_is_rejected(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"file": ""})
    with pytest.raises(UsageError, match=f"{name} is not a folder"):
        find_submission(tmp_path / name, COURSE)


def test_only_python_files_are_copied(tmp_path: Path) -> None:
    files = {"student/tensor.py": "1", "student/sub/a.py": "2", "student/notes.txt": "", "b.py": ""}
    copied = copy(find(tmp_path / "from", files), tmp_path / "to")
    assert copied == {"student/tensor.py", "student/sub/a.py"}


def test_links_and_pipes_are_not_copied(tmp_path: Path) -> None:
    folder = write(tmp_path / "from", {"student/tensor.py": "", "secret/answers.py": "42"})
    (folder / "student" / "linked.py").symlink_to(folder / "secret" / "answers.py")
    (folder / "student" / "folder").symlink_to(folder / "secret")
    os.mkfifo(folder / "student" / "pipe.py")
    assert copy(find_submission(folder, COURSE), tmp_path / "to") == {"student/tensor.py"}


def test_a_linked_module_counts_as_missing(tmp_path: Path) -> None:
    folder = write(tmp_path, {**reference(), "elsewhere.py": "class Linear: pass"})
    (folder / "student" / "layers.py").unlink()
    (folder / "student" / "layers.py").symlink_to(folder / "elsewhere.py")
    run = grade(folder, "01-03", "-k", "leave")
    assert run.sentences() == {"student/layers.py has no Dropout"}


def test_nothing_else_of_the_graded_folder_is_imported(tmp_path: Path) -> None:
    shadows = {"numpy.py": "1 / 0", "random.py": "1 / 0", "sitecustomize.py": "1 / 0"}
    assert grade(write(tmp_path, {**reference(), **shadows}), "01", "-k", "leave").code == 0


def test_spaces_other_alphabets_and_dos_line_ends_do_no_harm(tmp_path: Path) -> None:
    files = {name: text.replace("\n", "\r\n") for name, text in reference().items()}
    folder = write(tmp_path / "Übung 1 – Lösung (数字)", files)
    before = contents(folder)
    run = grade(folder, "01-03", "-k", "leave")
    assert run.code == 0
    assert run.data["submission"] == str(folder)
    assert contents(folder) == before


def test_failures_in_such_a_folder_are_reported_like_any_others(tmp_path: Path) -> None:
    wrong = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)"))
    files = {name: text.replace("\n", "\r\n") for name, text in wrong.items()}
    plain, special = (
        grade(write(folder, some), "02", "-k", "relu").checks()
        for folder, some in ((tmp_path / "plain", wrong), (tmp_path / "数 字", files))
    )
    assert timeless(plain) == timeless(special)


def test_grading_the_folder_one_stands_in_writes_nothing_into_it(tmp_path: Path) -> None:
    folder = write(tmp_path, reference())
    before = contents(folder)
    run = grade(None, "01", "-k", "leave", folder=folder)
    assert run.code == 0
    assert run.data["submission"] == "."
    assert sorted(contents(folder)) == sorted(before)
