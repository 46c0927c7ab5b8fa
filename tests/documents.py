"""The fenced blocks of the documents, and running the commands in them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# A fenced block, with the comment before it, if there is one. What a comment may say: why the block
# is not run, or the exit code it ends with if that is not 0.
BLOCK = re.compile(r"(?:^<!-- ([^\n]*) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"not run: .+")
EXIT_CODE = re.compile(r"exit code (\d): .+")
LANGUAGES = {"shell", "console", "python", "toml", "json", "csv", "yaml", "text"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, and the comment before it."""

    document: str
    line: int
    language: str
    text: str
    comment: str

    @property
    def is_run(self) -> bool:
        """Whether it holds commands that can be run here."""
        return self.language in ("shell", "console") and not NOT_RUN.fullmatch(self.comment)

    @property
    def exit_code(self) -> int:
        """What its last command ends with."""
        match = EXIT_CODE.fullmatch(self.comment)
        return int(match[1]) if match else 0

    @property
    def commands(self) -> list[str]:
        """The lines that are commands; in a console, those after a prompt."""
        lines = self.text.splitlines()
        if self.language == "console":
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [line for line in lines if line]


def read_blocks(file: Path, name: str) -> list[Block]:
    """Return the blocks of a document, which is called `name`."""
    text = file.read_text(encoding="utf-8")
    return [
        Block(
            document=name,
            line=text[: match.start(2)].count("\n") + 1,
            language=match[2],
            text=match[3],
            comment=match[1] or "",
        )
        for match in BLOCK.finditer(text)
    ]


def make_reader_environment() -> dict[str, str]:
    """Return the environment of a reader's shell: this one, less what the tests' own run adds."""
    own = ("NOX_CURRENT_SESSION", "PYTHONPATH", "CI", "VIRTUAL_ENV")
    return {name: text for name, text in os.environ.items() if name not in own}


def run_block(
    block: Block, folder: Path, environment: Mapping[str, str], words: Mapping[str, str]
) -> None:
    """Run the commands of a block one after another; `words` are put in for what a reader fills in.

    Each must succeed, but the last of a block that says otherwise.
    """
    for number, written in enumerate(block.commands, 1):
        command = written
        for word, meant in words.items():
            command = re.sub(
                rf"(?<![\w$]){word}\b", shlex.quote(meant).replace("\\", r"\\"), command
            )
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        last = number == len(block.commands)
        expected = block.exit_code if last else 0
        where = f"{block.document}:{block.line}: {command}"
        assert done.returncode == expected, f"{where}\n{done.stdout}"
