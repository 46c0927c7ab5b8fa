"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from handouts import Made

# Messages name the commands of a repository with a noxfile, whoever starts the tests.
os.environ["NOX_CURRENT_SESSION"] = "tests"

# Tests of the part of the engine that runs on any system; the others need Linux, where a submission
# is confined. CI runs these on macOS and Windows: `-m portable`.
PORTABLE = {
    "test_compare.py",
    "test_draw.py",
    "test_examples.py",
    "test_frames.py",
    "test_leaks.py",
    "test_provider.py",
    "test_root_cause.py",
    "test_search.py",
    "test_structure.py",
    "test_values.py",
}
# Tests that take long as a whole; in other files the marker is at the tests.
LONG = {
    "test_determinism.py",
    "test_gates.py",
    "test_judging.py",
    "test_long_tests.py",
    "test_milestone_command.py",
    "test_page.py",
    "test_snippets.py",
}
LEFT_OUT = pytest.StashKey[int]()  # how many long tests were not run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """This course's handout, made once in a run."""
    from handouts import make_once  # not needed by most tests, nor there for all

    own = tmp_path_factory.getbasetemp()
    return make_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def wheel(made: Made) -> Path:
    """The wheel, as it is handed out."""
    (file,) = (made.folder / ".grader").glob("*.whl")
    return file


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--all`."""
    parser.addoption("--all", action="store_true", help="run the long tests too, as CI does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the portable and the long tests; leave the long ones out unless they are asked for."""
    for item in items:
        if item.path.name in PORTABLE:
            item.add_marker("portable")
        if item.path.name in LONG:
            item.add_marker("long")
    if not config.getoption("all") and "long" not in config.getoption("markexpr"):
        leave_out_long(config, items)


def leave_out_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the long tests out of the list, and count them."""
    long = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    config.stash[LEFT_OUT] = len(long)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the count of a process of pytest-xdist; each collects all tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count on, in a process of pytest-xdist."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line what was left out."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} long tests were left out; nox -s tests -- --all runs them"
        )
