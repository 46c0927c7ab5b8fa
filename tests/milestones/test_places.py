"""What is fetched and written goes to the project, or to the current folder outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from milestones.data.cifar10 import VARIABLE, locate, make_fetch_command
from milestones.data.places import find_working_folder
from proof.project import PROJECT


@pytest.mark.parametrize("folder", [".", "milestones/03_1986_mlp"])
def test_inside_of_the_project_it_is_the_project(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT / folder)
    assert find_working_folder() == PROJECT


def test_elsewhere_it_is_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_working_folder() == tmp_path
    assert locate() == tmp_path / "data" / "cifar10"
    assert make_fetch_command(locate()) == "nox -s data -- cifar10"
