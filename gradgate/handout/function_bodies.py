"""Function bodies in a form that only what they compute decides, to find a copy by."""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Body:
    """The body of a function: its name, the number of nodes in its tree, and the tree as text."""

    name: str
    size: int
    form: str


def list_bodies(source: str) -> Iterator[Body]:
    """Yield the body of every function in a text; nothing if the text is not Python.

    Two bodies have the same form if they differ only in docstrings, comments, layout, annotations
    and the names of parameters and local variables.
    """
    tree = parse(source)
    if tree:
        for name, function in list_functions(tree):
            yield normalize(name, function)


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a text, or None if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an invalid escape in somebody's string
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def list_functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Yield every function with its full name, such as `Tensor.__add__`, nested ones included."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield from list_functions(node, prefix)
            continue
        name = f"{prefix}{node.name}"
        if isinstance(node, FUNCTIONS):
            yield name, node
        yield from list_functions(node, f"{name}.")


def drop_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a function or class that follow its docstring."""
    match body[0]:
        case ast.Expr(value=ast.Constant(value=str())):
            return body[1:]
    return body


def normalize(name: str, function: Function) -> Body:
    """Return the body of a function in its normal form."""
    renamer = _Renamer(_list_local_names(function))
    statements = [renamer.visit(copy.deepcopy(s)) for s in drop_docstring(function.body)]
    module = ast.Module([statement for statement in statements if statement], [])
    return Body(name, sum(1 for _ in ast.walk(module)) - 1, ast.dump(module))


def _list_local_names(function: Function) -> set[str]:
    """List the names that a function binds: parameters, variables, and those of inner functions."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.ExceptHandler)) and node.name:
            names.add(node.name)
    return names - {function.name}


class _Renamer(ast.NodeTransformer):
    """Numbers local names in the order of their appearance; drops annotations and docstrings."""

    def __init__(self, local: set[str]) -> None:
        self.local = local
        self.numbers: dict[str, str] = {}

    def rename(self, name: str) -> str:
        """Return the number of a local name, and any other name as it is."""
        if name not in self.local:
            return name
        return self.numbers.setdefault(name, f"_{len(self.numbers)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.rename(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self.rename(node.arg), None
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = node.name and self.rename(node.name)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._visit_definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self._visit_definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._visit_definition(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign([node.target], node.value))

    def _visit_definition(self, node: Function | ast.ClassDef) -> ast.AST:
        node.name = self.rename(node.name)
        node.body = drop_docstring(node.body)
        return self.generic_visit(node)
