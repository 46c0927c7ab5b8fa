"""What gives a solution away: the function bodies and the lines of its files."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradgate.handout.contents import decode
from gradgate.handout.function_bodies import FUNCTIONS, list_bodies, parse

# Smaller bodies are the same by chance: `return x.mean(axis=(2, 3))`, of 11 nodes, stands in the
# milestones and in a known-good submission, others in NumPy, Matplotlib and Jinja2. Of 12 or more,
# none does.
MIN_NODES = 12
MIN_LINE = 20  # characters


@dataclass(frozen=True)
class Solutions:
    """Where each telling body, by its form, and each telling line is in the solutions."""

    bodies: dict[str, str]
    lines: dict[str, str]


def read_solutions(folders: Sequence[Path], stubs: Path) -> Solutions:
    """Read the Python files of some folders; leave out what the stubs hold too.

    Raises OSError where a file cannot be read, and ValueError where a folder holds no Python.
    """
    bodies: dict[str, str] = {}
    lines: dict[str, str] = {}
    for folder in folders:
        files = sorted(folder.rglob("*.py"))
        if not files:
            raise ValueError(f"{folder} holds no Python file, so nothing can be compared with it")
        for file in files:
            place, text = _name_file(file, folder), decode(file.read_bytes())
            for body in list_bodies(text):
                if body.size >= MIN_NODES:
                    bodies.setdefault(body.form, f"{body.name} in {place}")
            for number, line in list_telling_lines(text):
                lines.setdefault(line, f"{place}:{number}")
    public = [decode(file.read_bytes()) for file in sorted(stubs.rglob("*.py"))]
    in_stubs = {body.form for text in public for body in list_bodies(text)}
    return Solutions(
        {form: place for form, place in bodies.items() if form not in in_stubs},
        {line: place for line, place in lines.items() if not any(line in text for text in public)},
    )


def list_telling_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line that can give a file away.

    Imports, and what stands above the body of a function, class or handler, do not: the contract
    says them, or everybody does.
    """
    tree = parse(text)
    dictated = set(_list_dictated_lines(tree)) if tree else set()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if len(stripped) >= MIN_LINE and number not in dictated:
            yield number, stripped


def _list_dictated_lines(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of imports, decorators, heads of definitions and `except ... as ...:`."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield from range(start, node.body[0].lineno)
        elif isinstance(node, ast.ExceptHandler):
            yield node.lineno


def _name_file(file: Path, folder: Path) -> str:
    """Return how a file of a solution is called: by the folder's name and its path below that."""
    return file.relative_to(folder.parent).as_posix()
