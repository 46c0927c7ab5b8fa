"""Submissions that hold nothing right, yet answer whatever they are asked."""

from __future__ import annotations

from pathlib import Path

from proof.harness import MODULES, Files, reference
from proof.project import COURSE, PROJECT

# What every special method, every method and every call of the class below returns.
RETURNED = {
    "returns None": "None",
    "returns itself": "self",
    "returns its first argument": "given[0] if given else self",
    "returns a Tensor of one zero": "Everything()",
}

EVERYTHING = """
import numpy as np

class Named(type):
    def __getattr__(cls, name):
        return answer

class Everything(metaclass=Named):
    data = grad = np.zeros((), np.float32)
    shape, size, training, requires_grad = (), 1, True, True

    def __init__(self, *given, **named):
        pass

    def __getattr__(self, name):
        return lambda *given, **named: answer(self, *given, **named)

def answer(self=None, *given, **named):
    return {returned}

for name in (
    "call add radd sub rsub mul rmul truediv rtruediv matmul rmatmul pow neg getitem setitem "
    "eq ne lt le gt ge enter exit"
).split():
    setattr(Everything, f"__{{name}}__", answer)
Everything.__len__ = lambda self: 1
Everything.__bool__ = lambda self: True
Everything.__iter__ = lambda self: iter([self])
Everything.__repr__ = lambda self: "Tensor"
"""

MOCK = "from unittest.mock import MagicMock\n"
PRETENDER = """
import numpy as np

class Pretender:
    '''Claims to be whatever it is asked to be.'''
    def __init__(self, *given, **named):
        pass
    def __getattr__(self, name):
        return Pretender()
    def __call__(self, *given, **named):
        return Pretender()
    def __array__(self, *given, **named):
        return np.zeros((), np.float32)
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0
    def __float__(self):
        return 0.0
    __class__ = property(lambda self: np.float32)
    def __iter__(self):
        return iter([self])
    __add__ = __sub__ = __mul__ = __truediv__ = __matmul__ = __getitem__ = __call__
"""


def stubs() -> Files:
    """The nine files as they are handed out."""
    return {f"student/{file.name}": file.read_text() for file in (PROJECT / "student").glob("*.py")}


def nothing() -> Files:
    """Nine files that hold nothing at all."""
    return {f"student/{name}.py": "" for name in ("__init__", *MODULES)}


def answering(returned: str) -> Files:
    """A package whose every name is a class that accepts anything and returns one thing."""
    return _assigned(EVERYTHING.format(returned=returned), "Everything")


def idle(module: str) -> Files:
    """The reference, but for one module whose every name does nothing and returns None."""
    does_nothing = answering("None")
    replaced = ("student/everything.py", f"student/{module}.py")
    return {**reference(), **{name: does_nothing[name] for name in replaced}}


def mocks() -> Files:
    """A package whose every name is a mock object."""
    return _assigned(MOCK, "MagicMock(name={0!r})")


def pretenders() -> Files:
    """A package whose every object claims to be a number, and equal to everything."""
    return _assigned(PRETENDER, "Pretender")


def _assigned(head: str, value: str) -> Files:
    files = {"student/__init__.py": "", "student/everything.py": head}
    for module in COURSE.modules:
        lines = [f"{name} = {value.format(name)}" for name in module.names]
        files[f"student/{module.name}.py"] = "\n".join(["from .everything import *", *lines, ""])
    return files


WORTHLESS = {
    "stubs": stubs(),
    "empty files": nothing(),
    "no files": {"README": "nothing yet"},
    **{name: answering(returned) for name, returned in RETURNED.items()},
    "mocks": mocks(),
    "pretenders": pretenders(),
}


def take_fewer_examples(project: Path) -> None:
    """Let the checks of a copy of the project draw 5 examples, so that it grades soon."""
    file = project / "gradgate" / "authoring" / "check.py"
    text = file.read_text(encoding="utf-8")
    assert text.count("examples: int = 40") == 1
    file.write_text(text.replace("examples: int = 40", "examples: int = 5"), encoding="utf-8")
