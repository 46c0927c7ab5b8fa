"""The modules of the course and their checks, read from the files `checks/mNN_name.py`."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import checks
from gradgate.authoring.check import Check, Scenario
from gradgate.errors import UsageError


@dataclass(frozen=True)
class Module:
    """One module of the course: its number, the names it must offer, its checks in order."""

    number: int
    name: str
    names: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def title(self) -> str:
        """The number and the name, as in `01 tensor`."""
        return f"{self.number:02d} {self.name}"


@cache
def modules() -> tuple[Module, ...]:
    """Return every module in course order; importing them all keeps Hypothesis's draws the same.

    Hypothesis mixes literals of imported local files into its draws, so a run of one check must
    import what a full run imports.
    """
    found = []
    for file in sorted(Path(checks.__path__[0]).glob("m[0-9][0-9]_*.py")):
        source = importlib.import_module(f"checks.{file.stem}")
        own = tuple(item for item in vars(source).values() if isinstance(item, Check))
        found.append(Module(int(file.stem[1:3]), file.stem[4:], source.NAMES, own))
    return tuple(found)


def owners() -> dict[str, str]:
    """Return the module each name of the contract belongs to."""
    return {name: module.name for module in modules() for name in module.names}


def records(module: str) -> bool:
    """Tell whether a module is graded with autograd recording: autograd itself and all after it."""
    order = [known.name for known in modules()]
    return order.index(module) >= order.index("autograd")


@cache
def checks_by_id() -> dict[str, Check]:
    """Return every check by its id, as in `tensor.adds`."""
    return {check.id: check for module in modules() for check in module.checks}


def scenarios() -> dict[str, Scenario]:
    """Return what a worker that serves checks can be asked for, by the check's id."""
    return {name: check.scenario for name, check in checks_by_id().items()}


def select(wanted: Sequence[str], keyword: str = "") -> list[Module]:
    """Return the modules asked for ("05", "autograd", "01-04"; none means all).

    With a keyword, only the checks whose id or title contains it, and the modules that have one.
    Raises UsageError for a name, number or keyword that selects nothing.
    """
    numbers = {number for word in wanted for number in _numbers(word)}
    chosen = [module for module in modules() if not wanted or module.number in numbers]
    if not keyword:
        return chosen
    narrowed = [_narrow(module, keyword.lower()) for module in chosen]
    if not any(module.checks for module in narrowed):
        raise UsageError(f"no check matches -k {keyword!r}; try a word such as matmul or softmax")
    return [module for module in narrowed if module.checks]


def _narrow(module: Module, keyword: str) -> Module:
    kept = tuple(c for c in module.checks if keyword in c.id.lower() or keyword in c.title.lower())
    return Module(module.number, module.name, module.names, kept)


def _numbers(word: str) -> range:
    known = {module.name: module.number for module in modules()}
    first, dash, last = word.partition("-")
    ends = [known.get(end, int(end) if end.isdecimal() else 0) for end in (first, last or first)]
    if (dash and not last) or not set(ends) <= set(known.values()) or ends[0] > ends[1]:
        names = ", ".join(module.title for module in modules())
        raise UsageError(f"there is no module {word!r}; the modules are {names}")
    return range(ends[0], ends[1] + 1)
