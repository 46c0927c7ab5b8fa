"""Right submissions, each in a student's own way: no check fails any of them."""

from __future__ import annotations

from collections import Counter

import pytest
from grading import MODULES

from proof.known_good import Honest, honest
from proof.mutation_run import Case, outcome

VARIANTS = honest()


def test_there_are_many() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS) >= 26


def test_every_module_is_written_in_several_ways() -> None:
    partly = [variant for variant in VARIANTS if len(variant.own) < len(MODULES)]
    ways = Counter(module for variant in partly for module in variant.own)
    assert min(ways[module] for module in MODULES) >= 2


def test_no_two_hold_the_same() -> None:
    assert len({tuple(sorted(variant.files.items())) for variant in VARIANTS}) == len(VARIANTS)


def test_a_variant_is_graded_where_its_code_runs() -> None:
    graded = {variant.name: variant.modules for variant in VARIANTS}
    assert graded["losses-wide"] == ("losses", "autograd", "training")
    assert graded["optimizers-greek"] == ("optimizers", "training")
    assert graded["spatial-einsum"] == ("spatial",)
    assert graded["tape"] == graded["one-file"] == MODULES


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_passes_every_check_of_its_own_modules(variant: Honest) -> None:
    """`nox -s proof` grades the modules that build on these, too, and whole packages whole."""
    chosen = variant.own if len(variant.own) < len(MODULES) else ("spatial",)
    cases = [
        Case(module, variant.name, variant.files, seed=0, folder=variant.folder)
        for module in chosen
    ]
    failed = {check.id: check.cause for case in cases for check in outcome(case).failed}
    assert not failed
