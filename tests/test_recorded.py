"""Without the reference, recorded answers lead to the same verdicts."""

from __future__ import annotations

import shutil
import statistics
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gradgate.course.find import BUILT_IN
from gradgate.examples.recorded_examples import RecordedExamples
from gradgate.examples.recording import find_recordings
from gradgate.grading.grade import Tools
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded_answers import RecordedOracle, record_answers
from gradgate.supervisor.launcher import make_launcher
from proof.harness import Run, grade, reference, write
from proof.mutant import build_package
from proof.mutation_run import Case, CaseResult, grade_case
from proof.project import COURSE, PROJECT
from proof.selection import list_mutants

WRONG = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, -1)"))


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the answers of module 02 and without the reference."""
    folder = tmp_path_factory.mktemp("handout")
    for part in ("checks", "milestones", "student", "pyproject.toml"):
        (folder / part).symlink_to(PROJECT / part)
    recordings = find_recordings(folder)
    record_answers(COURSE, COURSE.module("activations"), LiveOracle(COURSE), recordings)
    return folder


@pytest.fixture(scope="module")
def wrong(handout: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return grade(write(tmp_path_factory.mktemp("wrong"), WRONG), "02", course=handout)


def test_a_right_submission_passes(handout: Path, tmp_path: Path) -> None:
    run = grade(write(tmp_path, reference()), "02", course=handout)
    assert run.code == 0
    assert run.data["oracle"] == "recorded"


def test_a_wrong_submission_fails_the_same_checks(wrong: Run, tmp_path: Path) -> None:
    live = grade(write(tmp_path, WRONG), "02")
    assert live.data["oracle"] == "reference"
    assert wrong.outcomes() == live.outcomes()
    assert set(wrong.outcomes().values()) == {"passed", "failed"}


def test_the_digest_of_the_checks_is_that_of_the_course(wrong: Run, tmp_path: Path) -> None:
    live = grade(write(tmp_path, WRONG), "02", "-k", "relu")
    assert wrong.data["versions"] == live.data["versions"]


def test_a_failure_shows_the_smallest_recorded_example(wrong: Run) -> None:
    failure = wrong.checks()["activations.relu"]
    assert failure["cause"]["kind"] == "value"
    assert len(failure["inputs"]["x"]) < 40


def test_equal_answers_are_recorded_in_equal_bytes(handout: Path, tmp_path: Path) -> None:
    again = record_answers(COURSE, COURSE.module("activations"), LiveOracle(COURSE), tmp_path)
    assert again.read_bytes() == (find_recordings(handout) / "activations.gz").read_bytes()


def test_a_check_that_changed_since_it_was_recorded_could_not_be_made_and_no_other(
    handout: Path, tmp_path: Path
) -> None:
    changed = shutil.copytree(handout, tmp_path / "changed")
    file = changed / "checks" / "m02_activations.py"
    file.write_text(file.read_text().replace('"ReLU()(x)": api', '"changed": api', 1))
    run = grade(write(tmp_path / "code", WRONG), "02", course=changed)
    assert run.code == 2
    stale = [name for name, outcome in run.outcomes().items() if outcome == "could not check"]
    assert stale == ["activations.relu"]
    entry = run.checks()[stale[0]]
    assert entry["cause"]["sentence"] == (
        "its recorded answers belong to another version of the check"
    )
    assert entry["hint"] == ""
    assert run.module("activations")["possible"] == len(run.checks("activations")) - 1


@pytest.mark.long
def test_counterexamples_of_mutants_are_as_small_as_those_that_are_looked_for(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    course = replace(COURSE, folder=tmp_path / "gradgate" / BUILT_IN)
    cases = [
        Case(module=module.name, name=mutant.name, files=build_package(mutant))
        for module in COURSE.modules
        for mutant in list_mutants(module)[::200]
    ]
    with closing(make_launcher(COURSE.folder)) as launcher:
        recorded = Tools(launcher, RecordedExamples(course), RecordedOracle(course))
        pairs = [(grade_case(case), grade_case(case, recorded)) for case in cases]
    looked_for, shown = zip(*pairs, strict=True)
    assert [names(case) for case in looked_for] == [names(case) for case in shown]
    assert median(shown) <= median(looked_for) + 1


def names(result: CaseResult) -> list[str]:
    """Return the checks that failed."""
    return [check.id for check in result.failed]


def median(results: Sequence[CaseResult]) -> float:
    """Return how many numbers the first counterexample shows, in the middle of the cases."""
    return statistics.median(result.numbers_shown or 0 for result in results)


def test_a_module_nothing_was_recorded_for_is_an_error_of_ours(
    handout: Path, tmp_path: Path
) -> None:
    run = grade(write(tmp_path, reference()), "03", "-k", "leave", course=handout)
    assert run.code == 2
    assert "layers.gz cannot be read" in " ".join(run.out.split())
