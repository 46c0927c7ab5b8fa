"""The corpora of the proof are whole, and the proof tells a bug caught from one that is not."""

from __future__ import annotations

from collections import Counter

import pytest

from gradgate.course import catalog
from gradgate.errors import UsageError
from proof import corpus, table
from proof.__main__ import main
from proof.mutant import Bug, package
from proof.mutation_run import Case, Outcome, outcome

MODULES = {module.name: module for module in catalog.modules()}
BUGS = [(name, bug) for name, module in MODULES.items() for bug in corpus.bugs(module)]
DROPOUT = next(bug for _, bug in BUGS if bug.name == "dropout_unscaled")
HARMLESS = Bug("renamed", "nothing", "layers", '"""03 Layers', '"""Layers')


def graded(*edits: Bug) -> Outcome:
    """What the checks of the layers find in the reference, so edited."""
    return outcome(Case("layers", "edited", package(*edits), 0))


def test_there_are_at_least_300_bugs_and_every_module_has_20() -> None:
    assert len(BUGS) >= 300
    assert min(Counter(name for name, _ in BUGS).values()) >= 20


def test_every_bug_has_a_name_of_its_own_and_a_mistake_in_words() -> None:
    names = Counter((module, bug.name) for module, bug in BUGS)
    assert [name for name, count in names.items() if count > 1] == []
    assert all(" " in bug.mistake and not bug.mistake.endswith(".") for _, bug in BUGS)


@pytest.mark.parametrize("name", MODULES)
def test_every_bug_changes_the_reference_and_python_can_read_it(name: str) -> None:
    right = package()
    for bug in corpus.bugs(MODULES[name]):
        files = package(bug)
        changed = {file: text for file, text in files.items() if text != right[file]}
        assert changed.keys() == {f"student/{bug.file}.py"}, bug.name
        for file, text in changed.items():
            compile(text, file, "exec")


def test_a_bug_whose_text_is_gone_from_the_reference_is_named() -> None:
    with pytest.raises(ValueError, match=r"gone: its text is 0 times in reference/layers\.py"):
        package(Bug("gone", "nothing", "layers", "no such line", ""))


def test_a_bug_is_told_from_a_harmless_edit() -> None:
    assert graded(DROPOUT).failed
    assert graded(DROPOUT).quickest.examples == min(c.examples for c in graded(DROPOUT).failed)
    assert graded(HARMLESS).failed == ()


def test_parts_of_the_corpus_cover_it_and_share_nothing() -> None:
    bugs = corpus.bugs(MODULES["layers"])
    parts = [corpus.part(bugs, 10, seed) for seed in range(10)]
    assert sorted(bug.name for part in parts for bug in part) == sorted(bug.name for bug in bugs)


def test_what_a_change_touches_is_asked_of_git() -> None:
    assert corpus.touched("HEAD") <= MODULES.keys()
    with pytest.raises(UsageError, match="--since no-such-commit: git says: "):
        corpus.touched("no-such-commit")


@pytest.mark.parametrize("arguments", [["--since", "no-such-commit"], ["10"]])
def test_a_wrong_question_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("proof: ")


def test_the_document_names_a_bug_that_is_not_caught_and_a_right_submission_failed() -> None:
    case = Case("layers", DROPOUT.name, {}, 0)
    caught, missed = graded(DROPOUT), Outcome(case, (), 1.0)
    right = Outcome(Case("layers", "loops", {}, 0), caught.failed, 1.0)
    text = table.document(table.Proof([MODULES["layers"]], [missed], [right], 0))
    assert f"- **not caught**: layers: {DROPOUT.name}" in text
    assert f"- **wrongly failed**: loops (layers) by {caught.failed[0].id}" in text


def test_the_document_counts_what_each_check_caught_first_and_alone() -> None:
    caught = graded(DROPOUT)
    text = table.document(table.Proof([MODULES["layers"]], [caught], [], 0))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    counts = {row[0]: row[1:] for row in rows if len(row) == len(table.CHECK_HEADERS)}
    alone = "1" if len(caught.failed) == 1 else "0"
    assert counts[caught.failed[0].id] == ["1", "1", alone]
