"""Which files a worker may reach: Landlock's rules."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gradgate.sandbox.libraries import load_library

# The rules for the next worker, as far as they are the same for all; at most one set.
_prepared: list[Any] = []


def prepare_rules() -> None:
    """Make the rules that all workers share; a confined process cannot look up what they name.

    A process that forks workers does it for the next one as soon as one is forked.
    """
    for rules in _prepared:
        rules.close()
    _prepared[:] = _make_common_rules()


def hide_files(root: Path, scratch: Path) -> None:
    """Landlock: read what a submission needs, write to the scratch folder, connect to nothing."""
    for rules in _prepared:
        right = load_library("landlockpy").AccessFS
        read = right.READ_FILE | right.READ_DIR
        change = right.WRITE_FILE | right.TRUNCATE | right.MAKE_REG | right.MAKE_DIR
        change |= right.REMOVE_FILE | right.REMOVE_DIR | right.REFER
        with suppress(OSError):
            rules.allow_path(root, read)
            rules.allow_path(scratch, read | change)
            rules.restrict()


def _make_common_rules() -> list[Any]:
    """Return Landlock's rules but for the copy and the scratch folder, or nothing without it."""
    landlock = load_library("landlockpy")
    if landlock is None:
        return []
    right, scope = landlock.AccessFS, landlock.Scope
    try:
        rules = landlock.Ruleset(scoped=scope.ABSTRACT_UNIX_SOCKET | scope.SIGNAL)
    except OSError:
        return []
    for path, is_folder in _find_readable().items():
        with suppress(OSError):  # gone, or not ours to see
            rules.allow_path(path, right.READ_FILE | (right.READ_DIR if is_folder else 0))
    with suppress(OSError):
        rules.allow_path(os.devnull, right.READ_FILE | right.WRITE_FILE)
    return [rules]


@cache
def _find_readable() -> dict[str, bool]:
    """What a submission may read besides itself, and whether it is a folder.

    The standard library, NumPy and the system's libraries; never the folders of installed packages
    that lie among them, where the harness or other packages may be.
    """
    packages = Path(np.__file__).parent
    found = [packages, packages.with_name("numpy.libs")]
    found += [path for path in find_standard_library().iterdir() if "-packages" not in path.name]
    found += Path(sys.base_prefix, "lib").glob("*.so*")
    found += [*_find_shared_libraries(), Path("/etc/ld.so.cache"), Path("/dev/urandom")]
    return {str(path): path.is_dir() for path in found if path.exists()}


def find_standard_library() -> Path:
    """Return the folder of Python's own modules."""
    return Path(os.__file__).parent


def _find_shared_libraries() -> set[Path]:
    """The folders that what is loaded came from: extension modules need others from there."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    files = {Path(line.split(maxsplit=5)[5]) for line in lines if ".so" in line and "/" in line}
    folders = {file.parent for file in files}
    own = (Path(sys.base_prefix), Path(np.__file__).parents[1])
    system = {folder for folder in folders if not any(p in (folder, *folder.parents) for p in own)}
    return {folder for folder in system if not [*folder.glob("python3*")]}
