"""Turning a scenario and its inputs into Python a student can paste and run."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from gradgate.authoring.check import Check
from gradgate.authoring.gradient import write_out
from gradgate.course import Course
from gradgate.examples.example import Example
from gradgate.submission.layout import Submission


def write_snippet(check: Check, example: Example, course: Course, submission: Submission) -> str:
    """Return the scenario as a script: imports, inputs, its statements, a print per result.

    `api.Name` becomes an imported name, `grad(t)` becomes `t.grad`. Helpers that the course's files
    define are written out, as a student has no such files.
    """
    rewrite = _Rewrite()
    body = [rewrite.visit(step) for step in write_out(check.scenario).body[1:]]  # no docstring
    steps = [ast.unparse(statement) for statement in body[:-1]] + _write_prints(body[-1])
    imports, definitions = _find_helpers(check, course, "\n".join(steps), rewrite.names)
    lines = [
        "import numpy as np",
        *_import_names(check, rewrite.names, course, submission),
        *imports,
        "",
        *definitions,
        *(f"{name} = {_write_input(example, name)}" for name in example.inputs),
        *steps,
    ]
    return "\n".join(lines)


class _DropAnnotations(ast.NodeTransformer):
    """Removes the annotations of arguments, results and variables, not those of a class's fields.

    They are of no use to a student, and Python would look for the names in them.
    """

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        node.body = [each if each in fields else self.visit(each) for each in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        self.generic_visit(node)
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)


class _Rewrite(_DropAnnotations):
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


def _write_prints(last: ast.stmt) -> list[str]:
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Dict)
    pairs = zip(last.value.keys, last.value.values, strict=True)
    return [f"print({ast.unparse(key)}, {ast.unparse(value)})" for key, value in pairs if key]


def _import_names(
    check: Check, names: set[str], course: Course, submission: Submission
) -> list[str]:
    """Import the names of the contract, and activate what has to be before the check."""
    owners, layout = course.owners, submission.layout
    lines = []
    for module in sorted({owners[name] for name in names}):
        wanted = ", ".join(sorted(name for name in names if owners[name] == module))
        lines.append(f"from {layout[module]} import {wanted}")
    activation = course.activation_for(check.module)
    if activation:
        module = activation.module
        lines.append(f"import {layout[module]} as {module}")
        lines.append(f'getattr({module}, "{activation.call}", lambda: None)()')
    return lines


def _find_helpers(
    check: Check, course: Course, text: str, names: set[str]
) -> tuple[list[str], list[str]]:
    """Return the import lines that a text needs, and the definitions of the course's helpers."""
    source = vars(sys.modules[check.scenario.__module__])
    imports: dict[str, None] = {}
    definitions: dict[str, str] = {}
    todo = [(text, source)]
    while todo:
        code, known = todo.pop()
        for name in sorted(_used_names(code) & set(known) - names - {"np", *definitions}):
            helper = known[name]
            if isinstance(helper, ModuleType):
                imports[f"import {name}"] = None
            elif _is_defined_in(course, helper):
                definitions[name] = _write_definition(helper)
                todo.append((definitions[name], vars(sys.modules[helper.__module__])))
            elif isinstance(helper, (FunctionType, type)):
                imports[f"from {helper.__module__} import {name}"] = None
    return list(imports), [f"{text}\n" for text in reversed(definitions.values())]


def _used_names(code: str) -> set[str]:
    """Return the names in a text."""
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _write_definition(helper: Any) -> str:
    source = textwrap.dedent(inspect.getsource(helper))
    return ast.unparse(_DropAnnotations().visit(ast.parse(source)))


def _is_defined_in(course: Course, helper: Any) -> bool:
    module = getattr(helper, "__module__", None) or ""
    own = f"{module}.".startswith(f"{course.package}.")
    return isinstance(helper, (FunctionType, type)) and own


def _write_input(example: Example, name: str) -> str:
    if name in example.large:
        return str(example.large[name])
    value = example.inputs[name]
    if not isinstance(value, np.ndarray):
        return repr(value)
    if not value.size:
        return f'np.zeros({value.shape}, "{value.dtype}")'
    numbers = np.array2string(value, separator=", ", threshold=value.size + 1, floatmode="unique")
    return f'np.array({" ".join(numbers.split())}, "{value.dtype}")'
