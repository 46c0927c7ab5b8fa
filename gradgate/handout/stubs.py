"""Whether stubs are stubs: each function is a docstring and `raise NotImplementedError`."""

from __future__ import annotations

import ast
from pathlib import Path

from gradgate.handout.contents import decode
from gradgate.handout.function_bodies import drop_docstring, list_functions, parse


def find_written_bodies(stubs: Path) -> list[str]:
    """Return a sentence for each function of the stubs that does more than say it is not written.

    A file that is not Python is named too. Raises ValueError where there is no Python file.
    """
    files = sorted(stubs.rglob("*.py"))
    if not files:
        raise ValueError(f"{stubs} holds no Python file, so no stubs")
    problems = []
    for file in files:
        place = file.relative_to(stubs.parent).as_posix()
        tree = parse(decode(file.read_bytes()))
        if not tree:
            problems.append(f"{place}: cannot be read as Python.")
            continue
        problems += [
            f"{place}:{function.lineno}: the body of {name} is more than its docstring and "
            "`raise NotImplementedError`."
            for name, function in list_functions(tree)
            if not _is_unwritten(drop_docstring(function.body))
        ]
    return problems


def _is_unwritten(statements: list[ast.stmt]) -> bool:
    """Tell whether statements are one `raise NotImplementedError`, with or without a message."""
    if len(statements) != 1 or not isinstance(statements[0], ast.Raise) or statements[0].cause:
        return False
    raised = statements[0].exc
    if isinstance(raised, ast.Call):
        if raised.keywords or not all(isinstance(value, ast.Constant) for value in raised.args):
            return False
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
