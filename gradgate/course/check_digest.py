"""A digest of what shapes the examples and the answers of one check.

It covers the check's own functions and all that these use of the course, wherever it stands:
functions, classes, constants. The title, the hint and the other checks of a file do not count. Code
counts as it is written, so that the digest is the same in every version of Python.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from collections.abc import Iterable, Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from gradgate.authoring.check import Check
from gradgate.course.digest import SHAPING, digest_texts

PLAIN = (type(None), type(...), bool, int, float, complex, str, bytes, range, slice)
DOCUMENTED = (ast.FunctionDef, ast.ClassDef)


def digest_check(check: Check, package: str) -> str:
    """Return the SHA-256, in hex, of what shapes a check's examples and answers.

    `package` is the one that the course's files were imported below.
    """
    shaping = [check.scenario, check.also, check.inputs, check.corners, check.examples]
    lines = [_digest_engine(), *_Description(package).describe_all(shaping)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def _digest_engine() -> str:
    engine = Path(str(files("gradgate")))
    return digest_texts(engine / name for name in SHAPING)


class _Description:
    """Describes objects in words that are the same in every process.

    A function, a class or an object with fields is written down once and then called by a number.
    """

    def __init__(self, package: str) -> None:
        self._package = f"{package}."
        self._numbered: dict[int, tuple[str, Any]] = {}  # the object is kept, so is its id
        self._lines: list[str] = []

    def describe_all(self, things: Iterable[Any]) -> list[str]:
        """Return a line for each of the things, after the lines of what they use."""
        own = [self._describe(thing) for thing in things]
        return [*self._lines, *own]

    def _describe(self, thing: Any) -> str:
        if isinstance(thing, PLAIN):
            return repr(thing)
        if isinstance(thing, (tuple, list)):
            return f"[{', '.join(map(self._describe, thing))}]"
        if isinstance(thing, (set, frozenset)):
            return f"{{{', '.join(sorted(map(self._describe, thing)))}}}"
        if isinstance(thing, Mapping):
            return self._describe_pairs(thing)
        if isinstance(thing, (np.ndarray, np.generic)):
            array = np.asarray(thing)
            return f"array {array.dtype.str} {array.shape} {array.tobytes().hex()}"
        if isinstance(thing, (FunctionType, type)) and not self._is_of_the_course(thing):
            return f"{thing.__module__}.{thing.__qualname__}"
        if isinstance(thing, ModuleType):
            return f"module {thing.__name__.removeprefix(self._package)}"
        if isinstance(thing, partial):
            return f"partial {self._describe([thing.func, thing.args, thing.keywords])}"
        if isinstance(thing, MethodType):
            return f"method {self._describe([thing.__func__, thing.__self__])}"
        return self._number(thing)

    def _describe_pairs(self, pairs: Mapping[Any, Any]) -> str:
        described = [f"{self._describe(key)}: {self._describe(pairs[key])}" for key in pairs]
        return f"{{{', '.join(described)}}}"

    def _is_of_the_course(self, thing: Any) -> bool:
        return f"{thing.__module__}.".startswith(self._package)

    def _number(self, thing: Any) -> str:
        if id(thing) not in self._numbered:
            number = f"#{len(self._numbered)}"
            self._numbered[id(thing)] = number, thing  # first: it may use itself
            if isinstance(thing, (FunctionType, type)):
                line = self._describe_source(thing)
            else:
                kind = self._describe(type(thing))
                name = getattr(thing, "__name__", "")
                line = f"{kind} {name} {self._describe_pairs(_list_fields(thing))}"
            self._lines.append(f"{number} {line}")
        return self._numbered[id(thing)][0]

    def _describe_source(self, thing: FunctionType | type) -> str:
        """Return the text of a function or class, and what it uses."""
        nodes = _find_definitions(thing)
        used = {name: self._describe(value) for name, value in self._list_used(thing, nodes)}
        file = _find_file(thing)
        return "\n".join([*(_read_text(file, node) for node in nodes), repr(used)])

    def _list_used(
        self, thing: FunctionType | type, nodes: Iterable[ast.AST]
    ) -> Iterable[tuple[str, Any]]:
        """Yield the names that code uses of its surroundings, and what they stand for."""
        inside = [inner for node in nodes for inner in ast.walk(node)]
        names = {node.id for node in inside if isinstance(node, ast.Name)}
        if isinstance(thing, FunctionType):
            yield "defaults", [thing.__defaults__, thing.__kwdefaults__]
            # A local variable may be called like a global one.
            names &= {*_list_names(thing.__code__), *thing.__code__.co_freevars}
        attributes = sorted({node.attr for node in inside if isinstance(node, ast.Attribute)})
        known = vars(sys.modules[thing.__module__]) | _list_enclosed(thing)
        for name in sorted(names & known.keys()):
            value = known[name]
            yield name, value
            if isinstance(value, ModuleType) and value.__name__.startswith(self._package):
                held = vars(value)
                yield from ((f"{name}.{each}", held[each]) for each in attributes if each in held)


def _list_fields(thing: object) -> dict[str, Any]:
    """Return the fields of an object by name; of Python's own, what a decorator wraps."""
    fields = getattr(thing, "__dict__", {})
    return {
        name: fields[name]
        for name in sorted(fields)
        if name == "__wrapped__" or not name.startswith("__")
    }


def _list_names(code: CodeType) -> set[str]:
    """Return the global names that code uses, those in it too, and the names of attributes.

    Not the free variables of what is inside: some versions of Python make code of its own of a
    comprehension, to which the local variables around it are free.
    """
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(_list_names, inner))


def _list_enclosed(thing: FunctionType | type) -> dict[str, Any]:
    """Return what a function holds of the functions around it, by name."""
    if not isinstance(thing, FunctionType) or thing.__closure__ is None:
        return {}
    names = thing.__code__.co_freevars
    return {name: cell.cell_contents for name, cell in zip(names, thing.__closure__, strict=True)}


def _find_definitions(thing: FunctionType | type) -> list[ast.AST]:
    """Return where code is defined; lambdas in one line count as one."""
    nodes = _parse(_find_file(thing))
    if isinstance(thing, type):
        return [n for n in nodes if isinstance(n, ast.ClassDef) and n.name == thing.__name__]
    first = thing.__code__.co_firstlineno
    if thing.__name__ == "<lambda>":
        return [node for node in nodes if isinstance(node, ast.Lambda) and node.lineno == first]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return [
        node
        for node in functions
        if first == min([node.lineno, *(each.lineno for each in node.decorator_list)])
    ]


def _find_file(thing: FunctionType | type) -> Path:
    return Path(inspect.getfile(thing))


@cache
def _parse(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def _read_lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def _read_text(file: Path, node: Any) -> str:
    """Return the text of a definition, without decorators and docstrings."""
    if isinstance(node, ast.Lambda):
        return ast.get_source_segment(file.read_text(encoding="utf-8"), node) or ""
    documented = [inner for inner in ast.walk(node) if isinstance(inner, DOCUMENTED)]
    left_out = {
        number
        for inner in documented
        if ast.get_docstring(inner) is not None
        for number in range(inner.body[0].lineno, (inner.body[0].end_lineno or 0) + 1)
    }
    numbers = range(node.lineno, node.end_lineno + 1)
    return "\n".join(_read_lines(file)[n - 1].rstrip() for n in numbers if n not in left_out)
