"""What is graded in a proof: the seeded bugs (`tests/bugs/<module>.py`), whole or in part."""

from __future__ import annotations

import importlib
import re
import subprocess
from collections.abc import Sequence
from typing import TypeVar

from gradgate.course import catalog
from gradgate.course.catalog import Module
from gradgate.errors import UsageError
from proof.mutant import PROJECT, Bug

T = TypeVar("T")


def bugs(module: Module) -> tuple[Bug, ...]:
    """Return the bugs that a module's checks must catch."""
    return tuple(importlib.import_module(f"proof.corpus.mutants.{module.name}").BUGS)


def part(found: Sequence[T], every: int, seed: int) -> list[T]:
    """Return one of so many, spread over the whole list; which ones depends on the seed."""
    return list(found[seed % every :: every])


def touched(since: str) -> set[str]:
    """Name the modules whose checks, bugs or reference differ from a commit; raises UsageError."""
    command = ["git", "diff", "--name-only", since, "--"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"--since {since}: git says: {done.stderr.strip()}")
    return {module.name for module in catalog.modules() if _names(module, done.stdout)}


def _names(module: Module, files: str) -> bool:
    own = rf"checks/m\d\d_{module.name}\.py|(reference/|tests/bugs/){module.name}(_\w+)?\.py"
    return re.search(rf"^({own})$", files, re.MULTILINE) is not None
