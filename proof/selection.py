"""Which mutants are graded: all of a module's, one in so many, those that a change touches."""

from __future__ import annotations

import importlib
import re
import subprocess
from collections.abc import Sequence
from typing import TypeVar

from gradgate.course.catalog import Module
from gradgate.errors import UsageError
from proof.mutant import Mutant
from proof.project import COURSE, PROJECT

T = TypeVar("T")


def list_mutants(module: Module) -> tuple[Mutant, ...]:
    """Return the mutants that a module's checks must catch."""
    return tuple(importlib.import_module(f"proof.corpus.mutants.{module.name}").MUTANTS)


def take_part(items: Sequence[T], every: int, seed: int) -> list[T]:
    """Return one of so many, spread over all of them; which ones depends on the seed."""
    return list(items[seed % every :: every])


def list_touched(since: str) -> set[str]:
    """Name the modules whose checks, mutants or reference differ from a commit.

    Raises UsageError where git knows no such commit.
    """
    command = ["git", "diff", "--name-only", since, "--"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"--since {since}: git says: {done.stderr.strip()}")
    return {module.name for module in COURSE.modules if _belongs_any(module, done.stdout)}


def _belongs_any(module: Module, files: str) -> bool:
    """Tell whether any of the files, a path a line, belongs to a module."""
    name = module.name
    checks = rf"checks/m\d\d_{name}(\.py|/.*)"
    sources = rf"(reference|proof/corpus/mutants)/{name}(_\w+)?\.py"
    return re.search(rf"^({checks}|{sources})$", files, re.MULTILINE) is not None
