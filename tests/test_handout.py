"""The handout, before it is built: what is refused, its files, its proof, and putting it in place.

What is done with a built one is in test_handout_use.py.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from handouts import SCALAR, SCALARS, WHEEL, call, git, list_files, make_plain, nox

from gradgate.course import Course
from gradgate.errors import HarnessError, UsageError
from gradgate.handout import prove
from gradgate.handout.installed import Verdict, grade_with, install_wheel
from gradgate.handout.milestone_pages import LINK, unlink_missing
from gradgate.handout.packed_stubs import MOST_BYTES, list_changed_stubs
from gradgate.handout.replace import replace_parts
from gradgate.handout.repository import commit_all
from gradgate.handout.tree import write_sums
from gradgate.handout.wheel import build_wheel
from gradgate.handout.workflow import spell_uses
from gradgate.handout.wrong_package import write_wrong
from proof.harness import contents, write
from proof.project import COURSE

# What is refused.


@pytest.mark.parametrize(
    ("repository", "ref"),
    [
        ("my-school", "v1"),
        ("my-school/course/more", "v1"),
        ("my school/course", "v1"),
        ("my-school/course\n  x: y", "v1"),
        ("my-school/course", "v1\n"),
        ("my-school/course", "v1 # all"),
        ("my-school/course", "${{ github.ref }}"),
        ("my-school/course", "v1/../x"),
        ("my-school/course", ""),
        ("", "v1"),
        ("-/x", "v1"),
        ("ä/x", "v1"),
    ],
)
def test_a_repository_or_tag_that_could_break_the_workflow_is_refused(
    repository: str, ref: str
) -> None:
    with pytest.raises(UsageError, match=r"--re"):
        spell_uses(repository, ref)


def test_a_repository_and_a_tag_name_the_workflow_to_call() -> None:
    assert spell_uses("", "") == ""
    uses = "my-school/dl.2026/.github/workflows/grade.yml@v1.2-rc/3"
    assert spell_uses("my-school/dl.2026", "v1.2-rc/3") == uses


def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "taken", {"mine.txt": "mine"})
    before = contents(tmp_path / "taken")
    done = call(tmp_path, "taken", "--course", str(SCALAR))
    assert done.returncode == 2
    assert "is not an empty folder" in done.stderr
    assert contents(tmp_path / "taken") == before
    assert list_files(tmp_path) == {"taken/mine.txt"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("new", "--zip", "there.zip"), "exists; choose another name"),
        (("new", "--zip", "nowhere/new.zip"), "does not exist"),
        (("nowhere/new",), "there is no folder"),
        (("new", "--previous", "there.zip"), "goes with --update only"),
        (("new", "--update", "--zip", "new.zip"), "does not go with --update"),
        (("new", "--update"), "is no handout"),
        (("new", "--course", "bare"), "has no reference/"),
        (("new", "--repository", "my-school/course"), "go together"),
    ],
)
def test_a_command_that_cannot_be_right_is_refused_in_a_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    write(tmp_path, {"there.zip": "mine"})
    shutil.copytree(SCALAR, tmp_path / "bare", ignore=shutil.ignore_patterns("reference"))
    course = () if "--course" in words else ("--course", str(SCALAR))
    done = call(tmp_path, *words, *course)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"there.zip", "bare"}
    assert (tmp_path / "there.zip").read_text() == "mine"


@pytest.mark.parametrize(
    "place", [".grader", ".github", ".github/workflows", ".grader/test_checks.py"]
)
def test_a_link_in_the_place_of_what_an_update_replaces_is_refused(
    tmp_path: Path, place: str
) -> None:
    folder = make_plain(tmp_path / "handout")
    write(folder, {".github/workflows/grade.yml": "on: push\n"})
    elsewhere = tmp_path / "elsewhere"
    (folder / place).rename(elsewhere)
    (folder / place).symlink_to(elsewhere)
    before = contents(tmp_path)
    done = call(tmp_path, "--update", str(folder), "--course", str(SCALAR))
    assert done.returncode == 2
    assert f"{place} is a link" in done.stderr
    assert contents(tmp_path) == before


def test_a_persons_file_among_the_graders_is_not_replaced(tmp_path: Path) -> None:
    folder = make_plain(tmp_path / "handout")
    write(folder, {".grader/notes.txt": "mine"})
    done = call(tmp_path, "--update", str(folder), "--course", str(SCALAR))
    assert done.returncode == 2
    assert "notes.txt is none of the grader's files" in done.stderr
    assert (folder / ".grader" / "notes.txt").read_text() == "mine"


def test_a_pattern_of_solutions_that_finds_nothing_is_refused(tmp_path: Path) -> None:
    course = shutil.copytree(SCALAR, tmp_path / "course")
    with (course / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('[tool.gradgate.handout]\nsolutions = ["nowhere/*"]\n')
    done = call(tmp_path, "new", "--course", str(course))
    assert done.returncode == 2
    assert "'nowhere/*' finds nothing" in done.stderr
    assert not (tmp_path / "new").exists()


# What it is made of.


def test_the_same_sources_make_the_same_wheel_which_grades_from_an_empty_folder(
    tmp_path: Path,
) -> None:
    wheel, again = (build_wheel(SCALARS, tmp_path / name) for name in ("first", "second"))
    assert wheel.read_bytes() == again.read_bytes()
    python = install_wheel(wheel, tmp_path / "environment")
    write(tmp_path, {"empty/.keep": ""})
    right = shutil.copytree(SCALAR / "reference", tmp_path / "right" / "student").parent
    verdict = grade_with(python, right, tmp_path / "empty")
    assert (verdict.oracle, verdict.modules) == ("recorded", {"value": True, "backward": True})


def test_the_files_of_a_handout_are_those_that_a_student_uses(tmp_path: Path) -> None:
    assert list_files(make_plain(tmp_path / "handout", COURSE)) == {
        ".editorconfig",
        ".gitattributes",
        ".gitignore",
        ".grader/SHA256SUMS",
        f".grader/{WHEEL}",
        ".grader/test_checks.py",
        ".vscode/extensions.json",
        ".vscode/settings.json",
        "README.md",
        "milestones/03_1986_mlp/01_rumelhart_tinydigits.py",
        "milestones/03_1986_mlp/README.md",
        "milestones/04_1998_cnn/01_lecun_tinydigits.py",
        "milestones/04_1998_cnn/02_lecun_cifar10.py",
        "milestones/04_1998_cnn/README.md",
        "noxfile.py",
        "pyproject.toml",
        *(f"student/{name}.py" for name in ("__init__", *COURSE.names)),
    }


def test_the_pages_of_a_handout_name_every_module_and_link_only_to_what_is_there(
    tmp_path: Path,
) -> None:
    folder = make_plain(tmp_path / "handout", COURSE)
    text = (folder / "README.md").read_text(encoding="utf-8")
    for module in COURSE.modules:
        assert f"| {module.number:02d} | `student/{module.name}.py` |" in text
        assert all(f"`{name}`" in text for name in module.names)
    links = 0
    for page in folder.rglob("*.md"):
        for link in LINK.finditer(page.read_text(encoding="utf-8")):
            assert (page.parent / link[2]).exists(), link[0]
            links += 1
    assert links >= 4


def test_a_link_to_what_is_not_handed_out_becomes_plain_words(tmp_path: Path) -> None:
    write(tmp_path, {"there.md": ""})
    text = "[a](there.md#top) [b](../not.md) ![c](not.png) [d](https://x.org/y) [e](#top)"
    plain = "[a](there.md#top) b c [d](https://x.org/y) [e](#top)"
    assert unlink_missing(text, tmp_path) == plain


def test_a_course_without_milestones_is_handed_out_without_them(tmp_path: Path) -> None:
    folder = make_plain(tmp_path / "handout")
    assert not (folder / "milestones").exists()
    assert "ilestone" not in (folder / "README.md").read_text(encoding="utf-8")


def test_the_sums_are_as_sha256sum_writes_them(tmp_path: Path) -> None:
    write(tmp_path, {"b.whl": "b", "a.whl": "a", "other.txt": ""})
    write_sums(tmp_path)
    a, b = (hashlib.sha256(text).hexdigest() for text in (b"a", b"b"))
    assert (tmp_path / "SHA256SUMS").read_bytes() == f"{a}  a.whl\n{b}  b.whl\n".encode()


@pytest.mark.parametrize("change", ["other wheel", "no wheel", "no sums", "windows"])
def test_nox_installs_only_the_wheel_that_was_handed_out(tmp_path: Path, change: str) -> None:
    folder = make_plain(tmp_path / "handout")
    wheel, sums = folder / ".grader" / WHEEL, folder / ".grader" / "SHA256SUMS"
    if change == "other wheel":
        wheel.write_text("another one")
    elif change == "no wheel":
        wheel.unlink()
    elif change == "no sums":
        sums.write_text("")
    else:
        sums.write_bytes(sums.read_bytes().replace(b"\n", b"\r\n"))
    done = nox(folder, "--no-venv", "-s", "check")
    verified = "get it back: git checkout -- .grader" not in done.stderr
    assert verified == (change == "windows")
    assert verified or done.returncode == 2


def test_the_commit_uses_nothing_of_a_persons_own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = "#!/bin/sh\ntouch hooked\n"
    home = write(
        tmp_path / "home",
        {
            ".gitconfig": "[user]\nname = Staff\n[core]\nautocrlf = true\n"
            f"excludesFile = {tmp_path}/home/ignored\n[init]\ntemplateDir = {tmp_path}/home/t\n",
            "ignored": "*.whl\n",
            "t/hooks/pre-commit": hook,
            ".config/git/ignore": "*.py\n",
        },
    )
    (home / "t/hooks/pre-commit").chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "somewhere else"))
    folder = write(tmp_path / "tree", {"a.py": "1\n", "b.whl": "2", ".gitignore": "*.txt\n"})
    commit_all(folder)
    monkeypatch.delenv("GIT_DIR")
    assert git(folder, "log", "--format=%an %ae %cn").split() == [
        "gradgate",
        "gradgate@localhost",
        "gradgate",
    ]
    assert git(folder, "ls-files").split() == [".gitignore", "a.py", "b.whl"]
    assert not list(tmp_path.rglob("hooked"))
    assert not (folder / ".git" / "hooks").exists()


# The proof.

RIGHT = Verdict(
    oracle="recorded",
    points=2,
    possible=2,
    modules={"a": True},
    outcomes={"a.x": "passed", "a.y": "passed"},
)
NOTHING = Verdict(
    oracle="recorded",
    points=0,
    possible=2,
    modules={"a": False},
    outcomes={"a.x": "failed", "a.y": "failed"},
)
HALF = Verdict(
    oracle="recorded",
    points=1,
    possible=2,
    modules={"a": False},
    outcomes={"a.x": "passed", "a.y": "failed"},
)
LIVE = Verdict(
    oracle="reference", points=2, possible=2, modules={"a": True}, outcomes=RIGHT.outcomes
)
UNKNOWN = Verdict(
    oracle="recorded",
    points=1,
    possible=2,
    modules={"a": False},
    outcomes={"a.x": "could not check", "a.y": "passed"},
)


@pytest.mark.parametrize(
    ("verdicts", "live", "message"),
    [
        ((RIGHT, NOTHING, NOTHING, HALF), HALF, ""),
        ((HALF, NOTHING, NOTHING, HALF), HALF, "the reference does not pass a: a.y"),
        ((LIVE, NOTHING, NOTHING, HALF), HALF, "by the oracle 'reference'"),
        (
            (RIGHT, HALF, NOTHING, HALF),
            HALF,
            "let these checks ask for more: a.x",
        ),
        ((RIGHT, NOTHING, HALF, HALF), HALF, "an empty package gets points"),
        ((RIGHT, NOTHING, NOTHING, HALF), NOTHING, "a.x: failed → passed"),
        ((RIGHT, NOTHING, NOTHING, RIGHT), RIGHT, "shows nothing: of 2 checks 0 fail"),
        ((RIGHT, NOTHING, NOTHING, NOTHING), NOTHING, "shows nothing: of 2 checks 2 fail"),
        ((RIGHT, NOTHING, NOTHING, UNKNOWN), UNKNOWN, "cannot check a.x"),
    ],
)
def test_the_proof_fails_and_says_why_where_a_verdict_is_not_what_it_has_to_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verdicts: Sequence[Verdict],
    live: Verdict,
    message: str,
) -> None:
    given = iter(verdicts)
    monkeypatch.setattr(prove, "grade_with", lambda *_: next(given))
    monkeypatch.setattr(prove, "grade_live", lambda *_: live)
    tree, said = make_plain(tmp_path / "handout"), list[str]()
    if not message:
        prove.prove_grading(SCALARS, tree, Path(), tmp_path / "graded", said.append)
        assert len(said) == 4
        return
    with pytest.raises(HarnessError) as failed:
        prove.prove_grading(SCALARS, tree, Path(), tmp_path / "graded", said.append)
    assert message in str(failed.value)


def test_the_packages_of_the_proof_stand_where_the_stubs_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded: list[set[str]] = []

    def look(_: Path, submission: Path, folder: Path) -> Verdict:
        assert submission == folder
        graded.append(list_files(folder / "student"))
        assert (folder / "noxfile.py").is_file()
        return (RIGHT, NOTHING, NOTHING, HALF)[len(graded) - 1]

    monkeypatch.setattr(prove, "grade_with", look)
    monkeypatch.setattr(prove, "grade_live", lambda *_: HALF)
    tree = make_plain(tmp_path / "handout")
    prove.prove_grading(SCALARS, tree, Path(), tmp_path / "graded", lambda _: None)
    whole = {"__init__.py", "value.py", "backward.py"}
    assert graded == [whole, whole, {"__init__.py"}, whole]


@pytest.mark.parametrize("course", [COURSE, SCALARS], ids=["tensors", "scalars"])
def test_a_wrong_package_has_one_operator_swapped_in_each_later_module(
    tmp_path: Path, course: Course
) -> None:
    right = course.folder / "reference"
    changed = write_wrong(right, course.names, tmp_path / "wrong")
    assert changed == [*course.names[len(course.names) // 2 :]]
    for file in (tmp_path / "wrong").glob("*.py"):
        same = file.read_text(encoding="utf-8") == (right / file.name).read_text(encoding="utf-8")
        assert same == (file.stem not in changed)


# Replacing.


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the person press Ctrl-C just before a move, counted from 0; later moves work."""
    left, rename = [number], Path.rename

    def move(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", move)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("had_both", [True, False])
def test_an_interrupted_replacement_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, had_both: bool
) -> None:
    old = {".grader/a": "1", ".grader/b": "2", "student/x.py": "work"}
    write(tmp_path / "folder", {**old, **({".github/w.yml": "3"} if had_both else {})})
    write(tmp_path / "new", {".grader/a": "4", ".github/w.yml": "5"})
    before = {name: data for name, (_, data) in contents(tmp_path / "folder").items()}
    parts = (".grader", ".github/w.yml")
    moves = 4 if had_both else 3
    interrupt_at(number, monkeypatch)
    if number < moves:
        with pytest.raises(KeyboardInterrupt):
            replace_parts(tmp_path / "folder", tmp_path / "new", parts, tmp_path / "replaced")
        after = {name: data for name, (_, data) in contents(tmp_path / "folder").items()}
        assert after == before
    else:
        replace_parts(tmp_path / "folder", tmp_path / "new", parts, tmp_path / "replaced")
        assert list_files(tmp_path / "folder") == {".grader/a", ".github/w.yml", "student/x.py"}


def pack(file: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"gradgate/course/built_in/{name}", data)
    return file


def test_the_stubs_that_changed_are_read_from_the_wheels(tmp_path: Path) -> None:
    old = pack(tmp_path / "old", {"student/a.py": b"1", "student/b.py": b"1", "checks/c.py": b"1"})
    new = pack(tmp_path / "new", {"student/a.py": b"2", "student/b.py": b"1", "student/d.py": b""})
    changed = list_changed_stubs(old, new, Path("student"))
    assert changed == ["student/a.py", "student/d.py"]


@pytest.mark.parametrize("kind", ["bomb", "many", "text"])
def test_a_wheel_that_is_anybodys_takes_neither_memory_nor_time(tmp_path: Path, kind: str) -> None:
    wheel = tmp_path / "old.whl"
    if kind == "bomb":
        pack(wheel, {"student/a.py": bytes(MOST_BYTES + 1)})
    elif kind == "many":
        pack(wheel, {f"student/{number}.py": b"" for number in range(1001)})
    else:
        wheel.write_text("no zip file")
    with pytest.raises(ValueError, match=r"larger than|holds 1001|cannot be read"):
        list_changed_stubs(wheel, wheel, Path("student"))
