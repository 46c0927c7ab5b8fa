"""What of a submission is not graded, one sentence each: links, compiled code, foreign names."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from gradgate.submission.layout import Submission
from gradgate.text import in_line

COMPILED = (".so", ".pyd", ".dll", ".dylib", ".pyc", ".pyo")
SHOWN = 20


def describe_excluded(submission: Submission) -> tuple[str, ...]:
    """Name every file that was left out of the copy, and say why; at most some of them."""
    sentences = sorted({in_line(text) for text in _describe_all(submission)})
    more = len(sentences) - SHOWN
    return (*sentences[:SHOWN], *([f"{more} more files were left out"] if more > 0 else []))


def _describe_all(submission: Submission) -> Iterator[str]:
    for source in submission.sources.values():
        yield from _describe_below(source, source.parent)
        yield from _describe_below(source.with_suffix(".py"), source.parent)
    for folder in {source.parent for source in submission.sources.values()}:
        yield from _describe_shadows(folder)


def _describe_below(source: Path, root: Path) -> Iterator[str]:
    """Yield sentences on what lies at, or below, one source of the submission."""
    if source.is_symlink():
        yield _describe_link(source, root)
        return
    for folder, folders, names in os.walk(source):
        for file in (Path(folder, name) for name in (*folders, *names)):
            if file.is_symlink():
                yield _describe_link(file, root)
            elif file.suffix in COMPILED and "__pycache__" not in file.parts:
                name = file.relative_to(root).as_posix()
                yield f"{name} is compiled code and was left out: only Python source is graded"


def _describe_link(file: Path, root: Path) -> str:
    where = "in" if file.resolve().is_relative_to(root) else "out of"
    name = file.relative_to(root).as_posix()
    return f"{name} is a link that leads {where} the submission and was left out"


def _describe_shadows(folder: Path) -> Iterator[str]:
    """Yield sentences on files that, beside the modules, would be imported in place of others."""
    for name in (*sorted(sys.stdlib_module_names), "numpy"):
        for file in (folder / f"{name}.py", folder / name / "__init__.py"):
            if file.is_file():
                shown = file.relative_to(folder).as_posix()
                whose = "NumPy" if name == "numpy" else "a module of the standard library"
                yield f"{shown} has the name of {whose} and was left out"
