"""The seeded bugs, grouped by the module whose checks must catch them: `tests/bugs/<module>.py`."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from checks.engine.catalog import Module
from proof.bug import Bug


def bugs(module: Module) -> tuple[Bug, ...]:
    """Return the bugs that a module's checks must catch."""
    return tuple(importlib.import_module(f"tests.bugs.{module.name}").BUGS)


def part(found: Sequence[Bug], every: int) -> list[Bug]:
    """Return one of so many, spread over the whole list."""
    return list(found[::every])
