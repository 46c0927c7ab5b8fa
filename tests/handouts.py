"""Making handouts in tests, and running commands in them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from documents import make_reader_environment
from filelock import FileLock

from gradgate.course import Course, load_course
from gradgate.handout.tree import write_tree
from proof.harness import write
from proof.project import PROJECT

SCALAR = PROJECT / "examples" / "scalar"
SCALARS = load_course(SCALAR)
WHEEL = "gradgate-0.0-py3-none-any.whl"
NOX = [sys.executable, "-m", "nox"]


def call(folder: Path, *words: str, engine: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run `gradgate handout` in a folder, with that folder's own state folder."""
    variables = {"PYTHONPATH": str(engine), "XDG_STATE_HOME": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-m", "gradgate", "handout", *words],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@dataclass(frozen=True)
class Made:
    """A handout, where it was made from, and what that said."""

    folder: Path
    here: Path
    out: str


def make(here: Path, *words: str, engine: Path = PROJECT) -> Made:
    """Make a handout in the folder `here`."""
    done = call(here, "handed out", *words, engine=engine)
    assert done.returncode == 0, done.stdout + done.stderr
    return Made(here / "handed out", here, done.stdout)


def make_once(root: Path) -> Made:
    """Make this course's handout below `root`, or take the one that another process has made."""
    here, said = root / "Übung 3", root / "handout.txt"
    with FileLock(root / "handout.lock"):
        if not said.exists():
            here.mkdir()
            github = ("--repository", "my-school/course", "--ref", "v1.2")
            out = make(here, *github, "--zip", "handed out.zip").out
            said.write_text(out, encoding="utf-8")
    return Made(here / "handed out", here, said.read_text(encoding="utf-8"))


def nox(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run nox in a handout, as a student does."""
    return subprocess.run(
        [*NOX, *words],
        cwd=folder,
        env={**make_reader_environment(), **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def list_files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != ".git"
    }


def make_plain(folder: Path, course: Course = SCALARS) -> Path:
    """Make the files of a handout around a file that is no wheel; nothing is built or proven."""
    wheel = write(folder.parent / "dist", {WHEEL: "no wheel"}) / WHEEL
    folder.mkdir()
    write_tree(course, folder, wheel, "", "")
    return folder
