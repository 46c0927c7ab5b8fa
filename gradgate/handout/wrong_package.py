"""A wrong package, made of any course's reference: some modules have one operator swapped."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Sequence
from pathlib import Path

SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}


def write_wrong(reference: Path, modules: Sequence[str], into: Path) -> list[str]:
    """Copy a reference and swap the first arithmetic operator of each of the later modules.

    The earlier half is left right, so that something passes. Returns the names of the modules that
    were changed.
    """
    shutil.copytree(reference, into, ignore=shutil.ignore_patterns("__pycache__"))
    return [name for name in modules[len(modules) // 2 :] if _swap_first(into / f"{name}.py")]


def _swap_first(file: Path) -> bool:
    """Swap an operator in a file; returns whether there was one."""
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in SWAPPED:
            node.op = SWAPPED[type(node.op)]()
            file.write_text(ast.unparse(tree) + "\n", encoding="utf-8")
            return True
    return False
