"""The second course, of scalars, is graded by the same engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import mark_most_long

from gradgate.course import load_course
from gradgate.examples.recording import find_recordings
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded_answers import record_answers
from proof.harness import grade, write
from proof.project import COURSE, PROJECT

SCALAR = PROJECT / "examples" / "scalar"

# The mistake in a student's words, the file, what is there and what it becomes, the check that
# fails first.
MUTANTS = [
    ("subtracts", "value", "self.data + b.data", "self.data - b.data", "value.adds"),
    ("wraps no number", "value", "number if isinstance(number, Value) else Value(number)", "number",
     "value.adds"),
    ("adds for times", "value", "self.data * b.data, [", "self.data + b.data, [",
     "value.multiplies"),
    ("takes a Value as exponent", "value", "        if isinstance(exponent, Value):\n"
     '            raise TypeError("the exponent must be a number")\n',
     "        exponent = _wrap(exponent).data\n", "value.raises_to_powers"),
    ("relu keeps what is negative", "value", "max(self.data, 0.0)", "self.data", "value.squashes"),
    ("starts without a gradient", "value", "self.grad = 0.0", "self.grad = None",
     "value.holds_its_number"),
    ("adds with half the slope", "value", "[(self, 1.0), (b, 1.0)]", "[(self, 1.0), (b, 0.5)]",
     "backward.add"),
    ("own data for the slope", "value", "[(self, b.data), (b, self.data)]",
     "[(self, self.data), (b, b.data)]", "backward.multiply"),
    ("exponent of the slope", "value", "self.data ** (exponent - 1)", "self.data**exponent",
     "backward.power"),
    ("tanh without its square", "value", "1 - y * y", "1 - y", "backward.tanh"),
    ("relu passes everything", "value", "float(self.data > 0)", "1.0", "backward.relu"),
    ("replaces the gradient", "backward", "operand.grad += slope", "operand.grad = slope",
     "backward.reuse"),
    ("visits in the wrong order", "backward", "reversed(_sort(out))", "_sort(out)",
     "backward.reuse"),
    ("starts from two", "backward", "out.grad = 1.0", "out.grad = 2.0", "backward.add"),
]  # fmt: skip


def package(file: str = "", old: str = "", new: str = "") -> dict[str, str]:
    """The course's reference as a student's package, changed in one place."""
    sources = {p.stem: p.read_text(encoding="utf-8") for p in (SCALAR / "reference").glob("*.py")}
    if file:
        assert sources[file].count(old) == 1
        sources[file] = sources[file].replace(old, new)
    return {f"student/{name}.py": text for name, text in sources.items()}


def test_its_reference_passes(tmp_path: Path) -> None:
    run = grade(write(tmp_path, package()), course=SCALAR)
    assert run.code == 0, run.out
    assert run.data["possible"] == run.data["points"] == 12


def test_its_stubs_earn_nothing_and_are_not_started(tmp_path: Path) -> None:
    stubs = {f"student/{p.name}": p.read_text() for p in (SCALAR / "student").glob("*.py")}
    run = grade(write(tmp_path, stubs), course=SCALAR)
    assert run.data["points"] == 0
    assert {module["status"] for module in run.data["modules"]} == {"not started"}


@pytest.mark.parametrize(
    ("file", "old", "new", "check"),
    mark_most_long(mutant[1:] for mutant in MUTANTS),
    ids=[mutant[0] for mutant in MUTANTS],
)
def test_each_mutant_is_caught_by_the_check_it_concerns(
    tmp_path: Path, file: str, old: str, new: str, check: str
) -> None:
    run = grade(write(tmp_path, package(file, old, new)), course=SCALAR)
    failed = [name for name, outcome in run.outcomes().items() if outcome == "failed"]
    assert failed[0] == check


def test_each_check_catches_a_mutant() -> None:
    caught = {mutant[-1] for mutant in MUTANTS}
    others = {"backward.leaves_data_alone"}  # caught beside backward.add: see the next test
    assert caught | others == set(load_course(SCALAR).checks)


def test_a_gradient_started_from_two_is_caught_by_its_own_check(tmp_path: Path) -> None:
    wrong = package("backward", "out.grad = 1.0", "out.grad = 2.0")
    run = grade(write(tmp_path, wrong), "-k", "leaves_data_alone", course=SCALAR)
    assert set(run.outcomes().values()) == {"failed"}


def test_a_failure_shows_the_smallest_input_and_lines_to_paste(tmp_path: Path) -> None:
    wrong = package("value", "1 - y * y", "1 - y")
    run = grade(write(tmp_path, wrong), "02", course=SCALAR)
    failure = run.checks()["backward.tanh"]
    assert failure["inputs"] == {"a": "0.125"}
    assert "out = a.tanh()\nbackward(out)" in failure["snippet"]
    assert failure["cause"]["gradient_of"] == "a"


@pytest.mark.long
def test_recorded_answers_give_the_same_verdicts(tmp_path: Path) -> None:
    course, scalar = tmp_path / "course", load_course(SCALAR)
    course.mkdir()
    for part in ("checks", "student", "pyproject.toml"):
        (course / part).symlink_to(SCALAR / part)
    for module in scalar.modules:
        record_answers(scalar, module, LiveOracle(scalar), find_recordings(course))
    wrong = write(tmp_path / "wrong", package("value", "1 - y * y", "1 - y"))
    recorded, live = grade(wrong, course=course), grade(wrong, course=SCALAR)
    assert recorded.data["oracle"] == "recorded"
    assert recorded.outcomes() == live.outcomes()


def test_two_courses_fit_in_one_process() -> None:
    scalar = load_course(SCALAR)
    assert scalar.package != COURSE.package
    assert scalar.settings.holder.name == "Value"
    assert COURSE.settings.holder.name == "Tensor"
    assert set(scalar.checks).isdisjoint(COURSE.checks)
