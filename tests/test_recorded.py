"""Without the reference, recorded answers lead to the same verdicts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from grading import Run, grade, impatient_harness, reference, write

RECORD = """
from gradgate.course.catalog import modules
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded import record
print(record(modules()[1], LiveOracle()))
"""
WRONG = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, -1)"))


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the harness with the answers of module 02 and without the reference."""
    folder = impatient_harness(tmp_path_factory.mktemp("handout"))
    subprocess.run([sys.executable, "-c", RECORD], cwd=folder, check=True, capture_output=True)
    shutil.rmtree(folder / "reference")
    return folder


@pytest.fixture(scope="module")
def wrong(handout: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return grade(write(tmp_path_factory.mktemp("wrong"), WRONG), "02", harness=handout)


def test_a_right_submission_passes(handout: Path, tmp_path: Path) -> None:
    run = grade(write(tmp_path, reference()), "02", harness=handout)
    assert run.code == 0
    assert run.data["oracle"] == "recorded"


def test_a_wrong_submission_fails_the_same_checks(wrong: Run, tmp_path: Path) -> None:
    live = grade(write(tmp_path, WRONG), "02")
    assert wrong.outcomes() == live.outcomes()
    assert set(wrong.outcomes().values()) == {"passed", "failed"}


def test_a_failure_is_told_with_the_smallest_recorded_example(wrong: Run) -> None:
    told = wrong.checks()["activations.relu"]
    assert told["cause"]["kind"] == "value"
    assert len(told["inputs"]["x"]) < 40


def test_answers_to_other_checks_are_refused(handout: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(handout, tmp_path / "changed")
    file = changed / "checks" / "m02_activations.py"
    file.write_text(file.read_text() + "\n# another version\n")
    run = grade(write(tmp_path / "code", reference()), "02", "-k", "relu", harness=changed)
    assert run.code == 2
    assert "is not of these checks" in " ".join(run.out.split())


def test_a_module_nothing_was_recorded_for_is_an_error_of_ours(
    handout: Path, tmp_path: Path
) -> None:
    run = grade(write(tmp_path, reference()), "03", "-k", "leave", harness=handout)
    assert run.code == 2
    assert "layers.gz cannot be read" in " ".join(run.out.split())
