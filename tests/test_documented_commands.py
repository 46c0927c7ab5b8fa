"""Every command that a document shows is run as it stands there, or says why it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from documents import (
    EXIT_CODE,
    LANGUAGES,
    NOT_RUN,
    Block,
    make_reader_environment,
    read_blocks,
    run_block,
)
from packages import take_fewer_examples

from proof.project import PROJECT

PAGES = ("*.md", "docs/*.md", "milestones/*/*.md", "data/*/*.md", "examples/**/*.md")
DOCUMENTS = sorted({file for page in PAGES for file in PROJECT.glob(page)})
BLOCKS = [
    block for file in DOCUMENTS for block in read_blocks(file, file.relative_to(PROJECT).as_posix())
]
RUN = sorted({block.document for block in BLOCKS if block.is_run})


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.document}:{block.line}")
def test_a_block_names_its_language_and_a_comment_before_it_says_how_it_is_run(
    block: Block,
) -> None:
    assert block.language in LANGUAGES
    if block.comment:
        assert NOT_RUN.fullmatch(block.comment) or EXIT_CODE.fullmatch(block.comment)


def test_most_commands_are_run() -> None:
    commands = [block for block in BLOCKS if block.language in ("shell", "console")]
    assert {"README.md", "CONTRIBUTING.md", "docs/staff.md", "docs/writing-checks.md"} <= {
        block.document for block in commands
    }
    assert sum(block.is_run for block in commands) > len(commands) / 2


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean checkout of the project in which a student has written all modules.

    Its checks take fewer examples: here it is the commands that are tested.
    """
    folder = tmp_path_factory.mktemp("documents") / "the project"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, check=True, capture_output=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "reference", folder / "student", dirs_exist_ok=True)
    take_fewer_examples(folder)
    commit = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "all"]
    for command in (["git", "init", "-q"], ["git", "add", "--all"], commit):
        subprocess.run(command, cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a reader's shell has: a Python of its own, with nox and the wheel installed."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    install = ["-m", "pip", "install", "--quiet", "nox", "uv", str(wheel)]
    subprocess.run([str(scripts / "python"), *install], check=True)
    return {**make_reader_environment(), "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(shutil.which("bash") is None, reason="the documents' commands are bash's")
@pytest.mark.parametrize("document", RUN)
def test_the_commands_of_a_document_do_what_it_says(
    document: str, checkout: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    right = shutil.copytree(PROJECT / "reference", tmp_path / "handed in" / "student").parent
    words = {"PATH": str(right), "DIR": str(tmp_path / "a course"), "FILE": str(tmp_path / "file")}
    for block in (each for each in BLOCKS if each.document == document and each.is_run):
        run_block(block, checkout, environment, words)
