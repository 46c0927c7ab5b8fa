"""Turning a scenario and its inputs into Python a student can paste and run."""

from __future__ import annotations

import ast
import sys
from types import FunctionType, ModuleType

import numpy as np

from gradgate.course import catalog
from gradgate.authoring.check import Check, Inputs
from gradgate.authoring.gradient import written_out
from gradgate.submission.layout import Submission


def snippet(check: Check, inputs: Inputs, submission: Submission) -> str:
    """Return the scenario as a script: imports, inputs, its statements, a print per result.

    `api.Name` becomes an imported name, `grad(t)` becomes `t.grad`.
    """
    rewrite = _Rewrite()
    body = [rewrite.visit(step) for step in written_out(check.scenario).body[1:]]  # no docstring
    shown = [ast.unparse(statement) for statement in body[:-1]] + _prints(body[-1])
    text = "\n".join(shown)
    lines = [
        *_imports(check, rewrite.names, text, submission),
        "",
        *(f"{name} = {_literal(value)}" for name, value in inputs.items()),
        *shown,
    ]
    return "\n".join(lines)


class _Rewrite(ast.NodeTransformer):
    """Replaces `api.Name` by `Name` and `grad(t)` by `t.grad`; collects the names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "api":
            self.names.add(node.attr)
            return ast.Name(node.attr, ast.Load())
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "grad":
            return ast.Attribute(node.args[0], "grad", ast.Load())
        return node


def _prints(last: ast.stmt) -> list[str]:
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Dict)
    pairs = zip(last.value.keys, last.value.values, strict=True)
    return [f"print({ast.unparse(key)}, {ast.unparse(value)})" for key, value in pairs if key]


def _imports(check: Check, names: set[str], text: str, submission: Submission) -> list[str]:
    owners = catalog.owners()
    lines = ["import numpy as np"]
    for module in sorted({owners[name] for name in names}):
        wanted = ", ".join(sorted(name for name in names if owners[name] == module))
        lines.append(f"from {submission.layout[module]} import {wanted}")
    if catalog.records(check.module):
        lines.append(f"import {submission.layout['autograd']} as autograd")
        lines.append('getattr(autograd, "enable_autograd", lambda: None)()')
    source = sys.modules[check.scenario.__module__]
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    for name in sorted(used & set(vars(source)) - names - {"np"}):
        helper = vars(source)[name]
        if isinstance(helper, ModuleType):
            lines.append(f"import {name}")
        elif isinstance(helper, (FunctionType, type)):
            lines.append(f"from {helper.__module__} import {name}")
    return lines


def _literal(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    numbers = np.array2string(value, separator=", ", threshold=value.size + 1, floatmode="unique")
    return f'np.array({" ".join(numbers.split())}, "{value.dtype}")'
