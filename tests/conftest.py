"""What holds for all tests."""

from __future__ import annotations

import os

import pytest

# Messages name the commands of a repository with a noxfile, whoever starts the tests.
os.environ["NOX_CURRENT_SESSION"] = "tests"

# Tests of the part of the engine that runs on any system; the others need Linux, where a submission
# is confined. CI runs these on macOS and Windows: `-m portable`.
PORTABLE = {
    "test_compare.py",
    "test_draw.py",
    "test_examples.py",
    "test_frames.py",
    "test_provider.py",
    "test_root_cause.py",
    "test_search.py",
    "test_structure.py",
    "test_values.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the portable tests."""
    for item in items:
        if item.path.name in PORTABLE:
            item.add_marker("portable")
