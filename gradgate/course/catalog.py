"""A course: its modules and their checks, read from the files or folders `checks/mNN_name`."""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from gradgate.authoring.check import Check, Scenario
from gradgate.course.settings import Activation, Settings, read_settings
from gradgate.errors import UsageError
from gradgate.limits import Limits

PREFIX = "gradgate_course_"


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module of a course: its number, the names it must offer, its checks in order."""

    number: int
    name: str
    names: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def title(self) -> str:
        """The number and the name, as in `01 tensor`."""
        return f"{self.number:02d} {self.name}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """A course in a folder, whose Python files are imported below a private package.

    Importing them under a name of their own lets two courses be used in one process, and keeps
    `checks`, `milestones` and `reference` out of everybody's way.
    """

    folder: Path
    package: str
    settings: Settings
    modules: tuple[Module, ...]

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return self.settings.limits

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The modules' names in course order."""
        return tuple(module.name for module in self.modules)

    @cached_property
    def owners(self) -> dict[str, str]:
        """The module that each name of the contract belongs to."""
        return {name: module.name for module in self.modules for name in module.names}

    @cached_property
    def checks(self) -> dict[str, Check]:
        """Every check by its id, as in `tensor.adds`."""
        return {check.id: check for module in self.modules for check in module.checks}

    def module(self, name: str) -> Module:
        """Return a module by its name; raises KeyError if there is none."""
        return dict(zip(self.names, self.modules, strict=True))[name]

    def activation_for(self, module: str) -> Activation | None:
        """Return what has to be imported and called before a module is graded, if anything."""
        activation = self.settings.activation
        if activation is None or self.names.index(module) < self.names.index(activation.module):
            return None
        return activation

    def scenarios(self, module: str = "") -> Mapping[str, Scenario]:
        """Return what a worker can be asked for: the checks' scenarios, by the check's id.

        For another module of the course, such as `milestones.training.session`, what its function
        `scenarios()` returns.
        """
        if module:
            found: Mapping[str, Scenario] = self.load(module).scenarios()
            return found
        return {name: check.scenario for name, check in self.checks.items()}

    def load(self, module: str) -> Any:
        """Import a Python module of the course, `milestones.commands`.

        Raises UsageError where the course has none of that name.
        """
        path = f"{self.package}.{module}"
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{path}.".startswith(f"{error.name}."):
                raise
            raise UsageError(f"the course in {self.folder} has no {module}") from error

    def select(self, wanted: Sequence[str], keyword: str = "") -> list[Module]:
        """Return the modules asked for ("05", "autograd", "01-04"; none means all).

        With a keyword, only the checks whose id or title contains it, and the modules that have
        one. Raises UsageError for a name, number or keyword that selects nothing.
        """
        numbers = {number for word in wanted for number in self._read_numbers(word)}
        chosen = [module for module in self.modules if not wanted or module.number in numbers]
        if not keyword:
            return chosen
        narrowed = [_narrow(module, keyword.lower()) for module in chosen]
        if not any(module.checks for module in narrowed):
            raise UsageError(f"no check matches -k {keyword!r}; try a word of a check's title")
        return [module for module in narrowed if module.checks]

    def _read_numbers(self, word: str) -> range:
        known = {module.name: module.number for module in self.modules}
        first, dash, last = word.partition("-")
        ends = [
            known.get(end, int(end) if end.isdecimal() else 0) for end in (first, last or first)
        ]
        if (dash and not last) or not set(ends) <= set(known.values()) or ends[0] > ends[1]:
            names = ", ".join(module.title for module in self.modules)
            raise UsageError(f"there is no module {word!r}; the modules are {names}")
        return range(ends[0], ends[1] + 1)


@cache
def load_course(folder: Path) -> Course:
    """Import the checks of the course in a folder, each folder once in a process.

    This runs the course's code. Raises UsageError where there is no course or it cannot be used.
    """
    names = _list_module_names(folder)
    settings = read_settings(folder)
    package = make_package(folder)
    modules = tuple(_load_module(folder, package, name) for name in names)
    course = Course(folder=folder, package=package, settings=settings, modules=modules)
    _check_settings(course)
    return course


def make_package(folder: Path) -> str:
    """Make the Python files of a folder importable below a private package; returns its name."""
    name = PREFIX + hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules.setdefault(name, package)
    return name


def _list_module_names(folder: Path) -> list[str]:
    """Return the names of the files and folders of checks, without their ending, in order."""
    checks = folder / "checks"
    files = sorted(checks.glob("m[0-9]*_*")) if checks.is_dir() else []
    names = sorted({file.name.removesuffix(".py") for file in files})
    if not names:
        raise UsageError(f"{folder} holds no course: it has no file checks/mNN_NAME.py")
    for name in names:
        number, _, module = name.partition("_")
        if len(number) != len("mNN") or not module.isidentifier():
            raise UsageError(f"{checks / name}: its name is not mNN_NAME, such as m03_layers")
        if module in sys.stdlib_module_names:
            raise UsageError(f"{checks / name}: {module} is a module of the standard library")
    numbers = Counter(name[:3] for name in names)
    twice = [number for number, count in numbers.items() if count > 1]
    if twice:
        raise UsageError(f"{checks} has two modules of the number {twice[0][1:]}")
    return names


def _load_module(folder: Path, package: str, name: str) -> Module:
    """Read a file of checks, or a folder whose `PARTS` hold them in order."""
    place = folder / "checks" / name
    try:
        source = importlib.import_module(f"{package}.checks.{name}")
    except Exception as error:
        raise UsageError(f"{place} fails: {type(error).__name__}: {error}") from error
    if not hasattr(source, "NAMES"):
        raise UsageError(f"{place} has no NAMES, the names that the module must offer")
    parts = getattr(source, "PARTS", (source,))
    if not isinstance(parts, tuple) or not all(isinstance(part, ModuleType) for part in parts):
        raise UsageError(f"{place}: PARTS is not a tuple of modules, such as (conv, pool)")
    checks = [check for part in parts for check in _list_checks(part)]
    if not checks:
        raise UsageError(f"{place} has no checks; a folder names the files that have them in PARTS")
    return Module(number=int(name[1:3]), name=name[4:], names=source.NAMES, checks=tuple(checks))


def _list_checks(part: ModuleType) -> list[Check]:
    """Return the checks that a file defines, in order; those that it imports are another's."""
    items = [item for item in vars(part).values() if isinstance(item, Check)]
    return [item for item in items if item.scenario.__module__ == part.__name__]


def reject_duplicates(course: Course) -> None:
    """Raise UsageError for two checks of one name in a module.

    In one file Python keeps the last; of two files both would answer to the same id.
    """
    ids = Counter(check.id for module in course.modules for check in module.checks)
    for name, count in ids.items():
        if count > 1:
            raise UsageError(f"{course.folder}: {count} checks have the name {name}")
    for module in sorted({check.scenario.__module__ for check in course.checks.values()}):
        body = ast.parse(inspect.getsource(sys.modules[module])).body
        names = Counter(node.name for node in body if isinstance(node, ast.FunctionDef))
        for name, count in names.items():
            if count > 1:
                raise UsageError(f"{sys.modules[module].__file__} defines {name} {count} times")


def _check_settings(course: Course) -> None:
    """Raise UsageError where the settings name what no module of the course is or offers."""
    where = f"{course.folder / 'pyproject.toml'}, table [tool.gradgate]"
    holder, activation = course.settings.holder, course.settings.activation
    if holder.name not in course.owners:
        raise UsageError(f"{where}: holder: no module offers {holder.name!r}")
    if activation and activation.module not in course.names:
        raise UsageError(f"{where}: activation: there is no module {activation.module!r}")


def _narrow(module: Module, keyword: str) -> Module:
    kept = (c for c in module.checks if keyword in c.id.lower() or keyword in c.title.lower())
    return replace(module, checks=tuple(kept))
