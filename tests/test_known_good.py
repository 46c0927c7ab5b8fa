"""Right submissions, each in a student's own way: no check fails any of them."""

from __future__ import annotations

from collections import Counter

import pytest
from corpora import mark_most_long

from proof.harness import MODULES
from proof.known_good import KnownGood, known_good_submissions
from proof.mutation_run import Case, grade_case

SUBMISSIONS = known_good_submissions()


def test_there_are_many() -> None:
    names = {submission.name for submission in SUBMISSIONS}
    assert len(names) == len(SUBMISSIONS) >= 26


def test_every_module_is_written_in_several_ways() -> None:
    partly = [submission for submission in SUBMISSIONS if len(submission.own) < len(MODULES)]
    ways = Counter(module for submission in partly for module in submission.own)
    assert min(ways[module] for module in MODULES) >= 2


def test_no_two_hold_the_same() -> None:
    different = {tuple(sorted(submission.files.items())) for submission in SUBMISSIONS}
    assert len(different) == len(SUBMISSIONS)


def test_a_submission_is_graded_where_its_code_runs() -> None:
    graded = {submission.name: submission.modules for submission in SUBMISSIONS}
    assert graded["losses-wide"] == ("losses", "autograd", "training")
    assert graded["optimizers-greek"] == ("optimizers", "training")
    assert graded["spatial-einsum"] == ("spatial",)
    assert graded["tape"] == graded["one-file"] == MODULES


@pytest.mark.parametrize(
    "submission", mark_most_long(SUBMISSIONS), ids=lambda submission: submission.name
)
def test_passes_every_check_of_its_own_modules(submission: KnownGood) -> None:
    """`python -m proof mutants` grades what builds on these, too, and whole packages whole."""
    chosen = submission.own if len(submission.own) < len(MODULES) else ("spatial",)
    cases = [
        Case(module=m, name=submission.name, files=submission.files, folder=submission.folder)
        for m in chosen
    ]
    failed = {check.id: check.cause for case in cases for check in grade_case(case).failed}
    assert not failed
