"""The part of a corpus that the short run of the tests takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mark_most_long(cases: Iterable[Any], every: int = 10) -> list[Any]:
    """Return cases as parameters; all but the first of so many are long (tests/conftest.py)."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[pytest.mark.long] if index % every else [],
        )
        for index, case in enumerate(cases)
    ]
