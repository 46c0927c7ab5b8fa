"""The same seed gives the same report, whatever else differs between two runs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from proof.harness import Run, grade, reference, timeless, write
from proof.project import PROJECT

# Wrong in ways that tempt a report to differ: addresses, orders of sets, chance, gradients.
WRONG = reference(
    tensor=("(self, lambda g: g * b), (other", "(self, lambda g: g * a), (other"),
    activations=("np.maximum(x.data, 0)", "print(object(), {*'abc'}) or np.maximum(x.data, 0.5)"),
    layers=("np.random.random_sample(x.shape) >=", "np.random.random_sample(x.shape) / 2 >="),
    autograd=(
        "seed = as_array(gradient)",
        "seed = as_array(gradient) if root.size != 3 else exit()",
    ),
)
MODULES = ("02", "03", "05")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("wrong"), WRONG)


@pytest.fixture(scope="module")
def first(folder: Path) -> Run:
    return grade(folder, *MODULES)


def same(one: Run, other: Run) -> bool:
    """Tell whether two reports are the same to the byte, apart from times."""
    return json.dumps(timeless(one.data)) == json.dumps(timeless(other.data))


def test_the_submission_fails_in_every_module_and_way(first: Run) -> None:
    kinds = {check["cause"]["kind"] for check in first.checks().values() if "cause" in check}
    assert kinds >= {"value", "exception"}
    assert not any(module["passed"] for module in first.data["modules"])
    assert any(check.get("explanation") for check in first.checks().values())
    assert any(check.get("printed") for check in first.checks().values())


@pytest.mark.long
def test_a_second_run_gives_the_same_report_whatever_the_cores_and_the_order_of_sets(
    folder: Path, first: Run
) -> None:
    core = min(os.sched_getaffinity(0))
    assert same(grade(folder, *MODULES, cores=[core], PYTHONHASHSEED="17"), first)


@pytest.mark.long
def test_where_the_harness_stands_and_how_the_course_is_found_do_not_matter(
    folder: Path, first: Run, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "site-packages" / "elsewhere"
    for part in ("gradgate", "checks", "reference"):
        shutil.copytree(PROJECT / part, elsewhere / part)
    shutil.copy(PROJECT / "pyproject.toml", elsewhere)
    assert same(grade(folder, *MODULES, course=None, harness=elsewhere), first)


def test_a_module_graded_alone_has_the_same_entry(folder: Path, first: Run) -> None:
    alone = grade(folder, "03")
    assert timeless(alone.module("layers")) == timeless(first.module("layers"))


def test_a_check_graded_alone_has_the_same_entry(folder: Path, first: Run) -> None:
    alone = grade(folder, "02", "05", "-k", "relu").checks()
    assert len(alone) > 1
    assert timeless(alone) == {name: timeless(first.checks()[name]) for name in alone}


def test_no_report_names_an_address_or_a_temporary_folder(folder: Path, first: Run) -> None:
    said: Any = {key: value for key, value in first.data.items() if key != "submission"}
    assert " at 0x…" in json.dumps(said, ensure_ascii=False)
    assert "gradgate-" not in json.dumps(said["modules"])
    assert "gradgate_course_" not in json.dumps(said)
    assert str(folder) not in json.dumps(said)
