"""A digest of what shapes a course's examples and their answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

# Of the engine, what the inputs and the answers of a check depend on.
SHAPING = (
    "authoring/draw.py",
    "authoring/gradient.py",
    "authoring/inputs.py",
    "authoring/scenario.py",
    "examples/provider.py",
    "examples/search.py",
    "protocol/values.py",
)


@cache
def digest_checks(course: Path) -> str:
    """Return the SHA-256, in hex, of a course's checks and of how inputs are drawn."""
    engine = Path(str(files("gradgate")))
    own = sorted((course / "checks").rglob("*.py"), key=lambda file: file.as_posix())
    return digest_texts([*own, *(engine / name for name in SHAPING)])


def digest_texts(paths: Iterable[Path]) -> str:
    """Return the SHA-256, in hex, of text files, whatever their line endings."""
    total = hashlib.sha256()
    for file in paths:
        total.update(file.read_text(encoding="utf-8").encode())
    return total.hexdigest()
