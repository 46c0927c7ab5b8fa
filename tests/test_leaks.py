"""A handout that holds anything of a solution is found out, wherever in it that is."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import py_compile
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from gradgate.handout import contents
from gradgate.handout.leaks import find_leaks
from gradgate.handout.stubs import find_written_bodies
from proof.harness import Files, write
from proof.project import PROJECT

SOLUTION = '''"""Layers."""

import numpy as np
from collections.abc import Sequence


class Scale:
    """Multiplies."""

    @property
    def the_factor_to_multiply_by(self):
        return self.factor

    def forward(self, x, scale: float = 2.0):
        """Return x, scaled."""
        scaled: np.ndarray = x.data * scale  # elementwise
        shifted = scaled - scaled.mean(axis=0)
        return np.where(shifted > 0, shifted, 0.0)
'''
STUB = '''"""Layers."""


class Scale:
    def forward(self, x, scale: float = 2.0):
        """Return x, scaled."""
        raise NotImplementedError("not written")
'''
RENAMED = """
def run(self, tensor, by=2.0):
    by_product = tensor.data * by
    rest = by_product - by_product.mean(axis=0)
    return np.where(rest > 0, rest, 0.0)
"""
LINE = "return np.where(shifted > 0, shifted, 0.0)"
TEXT = f"Look:\n\n    {LINE}\n"
BODY_FOUND = "the function run has the body of Scale.forward in solved/layers.py."
LINE_FOUND = f"holds a line of solved/layers.py; line 18: {LINE}"


@pytest.fixture
def handout(tmp_path: Path) -> Path:
    """A handout that gives nothing away, and beside it the solution and the stubs."""
    write(tmp_path / "solved", {"layers.py": SOLUTION})
    write(tmp_path / "stubs", {"layers.py": STUB})
    return write(tmp_path / "handout", {"student/layers.py": STUB, "README.md": "Write it.\n"})


def search(handout: Path) -> list[str]:
    """Search for the small solution."""
    return find_leaks(handout, [handout.parent / "solved"], handout.parent / "stubs")


def add(handout: Path, files: Files) -> list[str]:
    """Search the handout with some more files in it."""
    return search(write(handout, files))


def pack_zip(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def pack_tar(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def make_notebook(code: str) -> str:
    cell = {"cell_type": "code", "source": code.splitlines(keepends=True)}
    return json.dumps({"cells": [cell], "nbformat": 4})


def test_a_handout_of_stubs_gives_nothing_away(handout: Path) -> None:
    assert search(handout) == []


def test_a_body_is_found_under_other_names_of_variables(handout: Path) -> None:
    assert add(handout, {"hints/run.py": RENAMED}) == [f"hints/run.py: {BODY_FOUND}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def run(self, tensor, by=2.0):", "def run(self, tensor: Tensor, *, by: float) -> X:"),
        ("    by_product =", '    """Explains it."""\n    by_product: np.ndarray =  \\\n   '),
        ("    rest =", "    rest: Any\n    # a comment\n    rest ="),
        ("def run", "async def run"),
    ],
)
def test_a_body_is_found_though_it_looks_different(handout: Path, old: str, new: str) -> None:
    assert RENAMED.count(old) == 1
    assert add(handout, {"run.py": RENAMED.replace(old, new)}) == [f"run.py: {BODY_FOUND}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("data * by", "data + by"), ("rest > 0", "by > 0"), ("np.where", "where"), ("0.0)", "0.5)")],
)
def test_a_body_that_computes_something_else_is_no_leak(handout: Path, old: str, new: str) -> None:
    assert RENAMED.count(old) == 1
    assert add(handout, {"run.py": RENAMED.replace(old, new)}) == []


@pytest.mark.parametrize(
    "source",
    [
        f"class Deep:\n  class Deeper:{indent(RENAMED, '    ')}",
        f"def outer():{indent(RENAMED, '    ')}",
        f"if True:{indent(RENAMED, '    ')}",
    ],
)
def test_a_body_is_found_however_deep_it_is_nested(handout: Path, source: str) -> None:
    (sentence,) = add(handout, {"run.py": source})
    assert "has the body of Scale.forward in solved/layers.py." in sentence


@pytest.mark.parametrize(
    ("file", "content", "place"),
    [
        ("a.whl", pack_zip("gradgate/run.py", RENAMED.encode()), "gradgate/run.py in a.whl"),
        ("run.py.gz", gzip.compress(RENAMED.encode()), "the unpacked file in run.py.gz"),
        ("tour.ipynb", make_notebook(RENAMED), "tour.ipynb"),
        ("run.py", RENAMED.replace("\n", "\r\n"), "run.py"),
        ("run.py", RENAMED.encode("utf-16"), "run.py"),
        ("run.txt", RENAMED, "run.txt"),
    ],
)
def test_a_body_is_found_in(handout: Path, file: str, content: str | bytes, place: str) -> None:
    assert add(handout, {file: content}) == [f"{place}: {BODY_FOUND}"]


@pytest.mark.parametrize(
    ("file", "content", "place"),
    [
        ("README.md", f"```python\n{LINE}\n```\n", "README.md"),
        ("README.md", f"> + {LINE}  # old\n", "README.md"),
        ("docs/a.html", f"<pre>{LINE}</pre>", "docs/a.html"),
        (".hidden", f"{LINE}\r\n", ".hidden"),
        ("latin.txt", f"é {LINE}".encode("latin-1"), "latin.txt"),
        ("utf16.txt", TEXT.encode("utf-16"), "utf16.txt"),
        ("utf32.txt", TEXT.encode("utf-32"), "utf32.txt"),
        ("no_mark.txt", TEXT.encode("utf-16-be"), "no_mark.txt"),
        ("tour.ipynb", make_notebook(f"%magic\n{LINE}\n"), "tour.ipynb"),
        ("a.whl", pack_zip("b/c.py", TEXT.encode()), "b/c.py in a.whl"),
        ("a.tar.gz", pack_tar("b.py", TEXT.encode()), "b.py in the unpacked file in a.tar.gz"),
        ("a.bz2", bz2.compress(TEXT.encode()), "the unpacked file in a.bz2"),
        ("a.zip", pack_zip("b.zip", pack_zip("c", TEXT.encode())), "c in b.zip in a.zip"),
    ],
)
def test_a_line_is_found_in(handout: Path, file: str, content: str | bytes, place: str) -> None:
    found = add(handout, {file: content})
    assert f"{place}: {LINE_FOUND}" in found
    assert all(file in sentence for sentence in found)


def test_a_line_with_quotes_is_found_in_a_notebook(handout: Path) -> None:
    line = 'raise ValueError("the shape of x is wrong")'
    write(handout.parent / "solved", {"more.py": f"{line}\n"})
    (sentence,) = add(handout, {"tour.ipynb": make_notebook(f"{line}\n")})
    assert "holds a line of solved/more.py; line 1" in sentence


def test_several_lines_of_a_file_are_one_sentence(handout: Path) -> None:
    (body, lines) = add(handout, {"copy.py": SOLUTION})
    assert body.startswith("copy.py: the function Scale.forward has the body of Scale.forward in")
    assert lines == (
        "copy.py: holds 3 lines of solved/layers.py; the first is line 16: "
        "scaled: np.ndarray = x.data * scale  # elementwise"
    )


def test_imports_and_heads_of_definitions_tell_nothing(handout: Path) -> None:
    heads = "from collections.abc import Sequence\ndef the_factor_to_multiply_by(self):\n"
    assert add(handout, {"notes.md": heads}) == []


def test_what_the_stubs_hold_is_no_leak(handout: Path) -> None:
    write(handout.parent / "stubs", {"more.py": f"{LINE}\n{RENAMED}"})
    assert add(handout, {"notes.md": TEXT, "run.py": RENAMED}) == []


def test_a_line_tells_something_from_20_characters_on(handout: Path) -> None:
    write(handout.parent / "solved", {"more.py": "a = b + c + d + ef1\na = b + c + d + efg2\n"})
    assert add(handout, {"notes.md": "a = b + c + d + ef1"}) == []
    (sentence,) = add(handout, {"notes.md": "a = b + c + d + efg2"})
    assert "line 2: a = b + c + d + efg2" in sentence


def git(folder: Path, *words: str, text: str = "") -> str:
    """Run git in a folder, as nobody in particular; return what it prints."""
    settings = ("-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false")
    command = ["git", *settings, *words]
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(handout: Path) -> Path:
    """The handout, committed."""
    git(handout, "init", "--quiet")
    git(handout, "add", ".")
    git(handout, "commit", "--quiet", "-m", "Start")
    return handout


needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def remove_in_a_later_commit(repository: Path) -> None:
    git(write(repository, {"deep/run.py": RENAMED}), "add", ".")
    git(repository, "commit", "--quiet", "-m", "Too much")
    git(repository, "rm", "--quiet", "deep/run.py")
    git(repository, "commit", "--quiet", "-m", "Less")


def pack(repository: Path) -> None:
    remove_in_a_later_commit(repository)
    git(repository, "gc", "--quiet")
    assert [*repository.glob(".git/objects/pack/*.pack")]


def drop_the_commit(repository: Path) -> None:
    git(write(repository, {"deep/run.py": RENAMED}), "add", ".")
    git(repository, "commit", "--quiet", "-m", "Too much")
    git(repository, "reset", "--quiet", "--hard", "HEAD~1")
    git(repository, "reflog", "expire", "--expire=now", "--all")


@needs_git
@pytest.mark.parametrize("hide", [remove_in_a_later_commit, pack, drop_the_commit])
def test_a_git_object_is_searched_and_named_by_its_path(
    repository: Path, hide: Callable[[Path], None]
) -> None:
    assert search(repository) == []
    hide(repository)
    (sentence,) = search(repository)
    assert sentence.startswith("git blob ")
    assert sentence.endswith(f" (deep/run.py) in .git: {BODY_FOUND}")


@needs_git
def test_a_file_and_its_git_object_are_named_once(repository: Path) -> None:
    git(write(repository, {"deep/a.whl": pack_zip("run.py", RENAMED.encode())}), "add", ".")
    assert search(repository) == [f"run.py in deep/a.whl: {BODY_FOUND}"]


@needs_git
def test_a_git_object_that_nothing_names_is_searched(repository: Path) -> None:
    digest = git(repository, "hash-object", "-w", "--stdin", text=RENAMED)
    assert search(repository) == [f"git blob {digest[:12]} in .git: {BODY_FOUND}"]


@needs_git
def test_the_message_of_a_commit_is_searched(repository: Path) -> None:
    git(repository, "commit", "--quiet", "--allow-empty", "-m", TEXT)
    (of_the_object, of_a_file) = search(repository)
    assert of_the_object.startswith("git commit ")
    assert of_the_object.endswith(LINE_FOUND)
    assert of_a_file == f".git/COMMIT_EDITMSG: {LINE_FOUND}"


@needs_git
def test_the_variables_of_a_git_hook_lead_nowhere_else(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "hash-object", "-w", "--stdin", text=RENAMED)
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "other"))
    assert len(search(repository)) == 1


def spoil_an_object(repository: Path) -> None:
    (blob, *_) = (path for path in repository.glob(".git/objects/*/*") if path.is_file())
    blob.chmod(0o644)
    blob.write_bytes(b"not a git object")


def spoil_the_settings(repository: Path) -> None:
    write(repository, {".git/config": "[core]\nrepositoryformatversion = 99\n"})


@needs_git
@pytest.mark.parametrize("spoil", [spoil_an_object, spoil_the_settings])
def test_a_repository_that_git_cannot_read_is_named(
    repository: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(repository)
    (sentence,) = search(repository)
    assert sentence.startswith("git objects in .git: cannot be read (")
    assert sentence.endswith("so it was not searched.")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_no_link_is_followed(handout: Path) -> None:
    (handout / "folder").symlink_to(handout.parent / "solved", target_is_directory=True)
    (handout / "file.py").symlink_to(handout.parent / "solved" / "layers.py")
    assert search(handout) == []


def test_a_broken_archive_is_named(handout: Path) -> None:
    broken = pack_zip("a.py", TEXT.encode() * 9).replace(b"a.py", b"b.py", 1)
    (sentence,) = add(handout, {"a.zip": broken})
    assert sentence.startswith("a.zip: is an archive that cannot be unpacked (")
    assert sentence.endswith("), so it was not searched.")


def test_the_end_of_a_zip_in_a_git_pack_is_no_archive(handout: Path) -> None:
    assert add(handout, {"a.pack": b"PACK" + pack_zip("a.py", b"")[-22:]}) == []


def test_archives_too_deep_in_archives_are_named(handout: Path) -> None:
    deep = TEXT.encode()
    for _ in range(contents.MAX_DEPTH + 1):
        deep = pack_zip("a.zip", deep)
    (sentence,) = add(handout, {"a.zip": deep})
    assert sentence.endswith("a.zip: is 5 archives deep, so it was not searched.")


def test_too_large_a_member_is_named(handout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_SIZE", 1000)
    assert add(handout, {"a.gz": gzip.compress(b" " * 1001)}) == [
        "the unpacked file in a.gz: is too large when it is unpacked, so it was not searched."
    ]


def test_all_members_together_are_bounded(handout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_TOTAL", 1000)
    files = {f"{name}.gz": gzip.compress(name.encode() * 600) for name in "ab"}
    assert add(handout, files) == [
        "the unpacked file in b.gz: is too large when it is unpacked, so it was not searched."
    ]


def test_compiled_python_is_named(handout: Path) -> None:
    write(handout, {"a.py": "1\n"})
    compiled = Path(py_compile.compile(str(handout / "a.py"))).relative_to(handout).as_posix()
    files = {"a.whl": pack_zip("b", (handout / compiled).read_bytes() + b"b")}
    assert add(handout, files) == [
        "b in a.whl: is compiled Python, which is not searched; remove it.",
        f"{compiled}: is compiled Python, which is not searched; remove it.",
    ]


def test_a_name_of_a_file_cannot_forge_a_line(handout: Path) -> None:
    (sentence,) = add(handout, {"a.whl": pack_zip("b\n\x1b[2J.py", TEXT.encode())})
    assert "\n" not in sentence
    assert "\x1b" not in sentence


def test_a_solution_without_python_is_an_error(handout: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="empty holds no Python file"):
        find_leaks(handout, [tmp_path / "empty"], tmp_path / "stubs")


SOLUTIONS = [PROJECT / "reference", PROJECT / "proof" / "corpus" / "known_good"]
SOLUTIONS += [folder / "reference" for folder in sorted((PROJECT / "examples").iterdir())]


def test_what_is_handed_out_today_holds_nothing_of_a_solution(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "results", "cifar10", "recorded")
    for part in ("gradgate", "checks", "milestones", "student", "data"):
        shutil.copytree(PROJECT / part, tmp_path / part, ignore=ignored)
    assert find_leaks(tmp_path, SOLUTIONS, PROJECT / "student") == []


def test_each_function_of_the_reference_would_be_found_in_it(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "reference", tmp_path / "student")
    found = find_leaks(tmp_path, SOLUTIONS, PROJECT / "student")
    for file in (PROJECT / "reference").glob("[a-z]*.py"):
        assert [s for s in found if s.startswith(f"student/{file.name}: the function ")]
        assert [s for s in found if s.startswith(f"student/{file.name}: holds ")]


@pytest.mark.parametrize("stubs", ["student", "examples/scalar/student"])
def test_the_stubs_are_unwritten(stubs: str) -> None:
    assert find_written_bodies(PROJECT / stubs) == []


@pytest.mark.parametrize(
    "body",
    [
        "return x * 2",
        "pass",
        "...",
        '"""Only a docstring."""',
        "raise ValueError",
        "raise",
        "raise NotImplementedError from x",
        "raise NotImplementedError(solve(x))",
        "raise NotImplementedError(f'{solve(x)}')",
        "y = x; raise NotImplementedError",
        "raise NotImplementedError; return x",
        "if x: raise NotImplementedError",
    ],
)
def test_a_body_that_is_more_than_a_stub_is_named(body: str, tmp_path: Path) -> None:
    files = {"layers.py": f"class A:\n    def f(self, x):\n        {body}\n"}
    assert find_written_bodies(write(tmp_path / "student", files)) == [
        "student/layers.py:2: the body of A.f is more than its docstring and "
        "`raise NotImplementedError`."
    ]


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        'raise NotImplementedError("not written")',
        '"""Says what."""\n        raise NotImplementedError("Module 1: "\n        "write it")',
    ],
)
def test_a_docstring_and_the_raise_are_a_stub(body: str, tmp_path: Path) -> None:
    files = {"layers.py": f"class A:\n    def f(self, x):\n        {body}\n"}
    assert find_written_bodies(write(tmp_path / "student", files)) == []


def test_a_stub_that_is_not_python_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "student", {"layers.py": "def (:\n"})
    assert find_written_bodies(folder) == ["student/layers.py: cannot be read as Python."]


def test_stubs_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no Python file"):
        find_written_bodies(tmp_path)
