"""The corpora are whole, and the proof tells a mutant that is caught from one that is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gradgate.errors import UsageError
from gradgate.limits import Limits
from proof import table
from proof.__main__ import main
from proof.harness import make_impatient_course
from proof.mutant import Mutant, build_package
from proof.mutation_run import Case, CaseResult, grade_case
from proof.project import COURSE
from proof.selection import list_mutants, list_touched, take_part

MUTANTS = [(module.name, mutant) for module in COURSE.modules for mutant in list_mutants(module)]
DROPOUT = next(mutant for _, mutant in MUTANTS if mutant.name == "dropout_unscaled")
HARMLESS = Mutant("renamed", "nothing", "layers", '"""03 Layers', '"""Layers')
LAYERS = COURSE.module("layers")


def grade(*mutants: Mutant) -> CaseResult:
    """What the checks of the layers find in the reference, so changed."""
    return grade_case(Case(module="layers", name="changed", files=build_package(*mutants)))


def test_there_are_at_least_300_mutants_and_every_module_has_20() -> None:
    assert len(MUTANTS) >= 300
    assert min(Counter(name for name, _ in MUTANTS).values()) >= 20


def test_every_mutant_has_a_name_of_its_own_and_a_mistake_in_words() -> None:
    names = Counter((module, mutant.name) for module, mutant in MUTANTS)
    assert [name for name, count in names.items() if count > 1] == []
    assert all(" " in mutant.mistake and not mutant.mistake.endswith(".") for _, mutant in MUTANTS)


@pytest.mark.parametrize("name", COURSE.names)
def test_every_mutant_changes_the_reference_and_python_can_read_it(name: str) -> None:
    right = build_package()
    for mutant in list_mutants(COURSE.module(name)):
        files = build_package(mutant)
        changed = {file: text for file, text in files.items() if text != right[file]}
        assert changed.keys() == {f"student/{mutant.file}.py"}, mutant.name
        for file, text in changed.items():
            compile(text, file, "exec")


def test_a_mutant_whose_text_is_gone_from_the_reference_is_named() -> None:
    with pytest.raises(ValueError, match=r"gone: its text is 0 times in reference/layers\.py"):
        build_package(Mutant("gone", "nothing", "layers", "no such line", ""))


def test_a_mutant_is_told_from_a_harmless_change() -> None:
    caught = grade(DROPOUT)
    assert caught.failed
    assert caught.quickest.examples == min(check.examples for check in caught.failed)
    assert grade(HARMLESS).failed == ()


def test_parts_of_the_corpus_cover_it_and_share_nothing() -> None:
    mutants = list_mutants(LAYERS)
    parts = [take_part(mutants, 10, seed) for seed in range(10)]
    assert sorted(mutant.name for part in parts for mutant in part) == sorted(
        mutant.name for mutant in mutants
    )


def test_what_a_change_touches_is_asked_of_git() -> None:
    assert list_touched("HEAD") <= {*COURSE.names}
    with pytest.raises(UsageError, match="--since no-such-commit: git says: "):
        list_touched("no-such-commit")


@pytest.mark.parametrize(
    "arguments",
    [
        ["mutants", "--since", "no-such-commit"],
        ["mutants", "10"],
        ["diagnosis", "10"],
        ["hostile", "no_such_attack"],
    ],
    ids=" ".join,
)
def test_a_wrong_question_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("proof: ")


@pytest.mark.parametrize("arguments", [["no-such-verb"], ["mutants", "--every", "0"]], ids=" ".join)
def test_so_does_a_command_line_that_cannot_be_understood(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "Usage: python -m proof" in capsys.readouterr().err


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    words = capsys.readouterr().out.split()
    assert {"mutants", "hostile", "diagnosis", "fuzz", "faults"} <= {*words}


def test_the_document_names_a_mutant_not_caught_and_a_right_submission_failed() -> None:
    missed = CaseResult(Case(module="layers", name=DROPOUT.name, files={}), (), 1.0)
    caught = grade(DROPOUT)
    right = CaseResult(Case(module="layers", name="loops", files={}), caught.failed, 1.0)
    text = table.write_document(table.Proof([LAYERS], [missed], [right], 0))
    assert f"- **not caught**: layers: {DROPOUT.name}" in text
    assert f"- **wrongly failed**: loops (layers) by {caught.failed[0].id}" in text


def test_the_document_counts_what_each_check_caught_first_and_alone() -> None:
    caught = grade(DROPOUT)
    text = table.write_document(table.Proof([LAYERS], [caught], [], 0))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    counts = {row[0]: row[1:] for row in rows if len(row) == len(table.CHECK_HEADERS)}
    alone = "1" if len(caught.failed) == 1 else "0"
    assert counts[caught.failed[0].id] == ["1", "1", alone]


def test_an_impatient_course_differs_in_its_limits_only(tmp_path: Path) -> None:
    from gradgate.course.catalog import load_course

    course = load_course(make_impatient_course(tmp_path / "course", call_seconds=0.5, threads=7))
    assert course.limits == Limits(call_seconds=0.5, threads=7)
    assert course.settings.holder == COURSE.settings.holder
    assert course.checks.keys() == COURSE.checks.keys()
    with pytest.raises(ValueError, match="there is no limit 'patience'"):
        make_impatient_course(tmp_path / "other", patience=1.0)
