"""The pinned libraries that confine a process, each where it is installed and can be used."""

from __future__ import annotations

import ctypes.util
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

LIBRARIES = ("landlockpy", "pyseccomp", "pyprctl")


@cache
def load_library(name: str) -> Any:
    """Return one of the pinned libraries, or None where it is absent or finds nothing to bind."""
    with _name_shared_libraries():
        try:
            module = importlib.import_module(name)
            if name == "landlockpy":
                return module if module.abi_version() else None
            return module
        except (ImportError, OSError, RuntimeError, AttributeError):
            return None


@contextmanager
def _name_shared_libraries() -> Iterator[None]:
    """Name the shared libraries here: searching for them runs programs, which takes long."""
    search = ctypes.util.find_library
    known = {"seccomp": "libseccomp.so.2"}
    ctypes.util.find_library = known.get  # type: ignore[assignment]
    try:
        yield
    finally:
        ctypes.util.find_library = search


def can_confine() -> bool:
    """Tell whether this machine has the two layers that matter."""
    return load_library("landlockpy") is not None and load_library("pyseccomp") is not None
