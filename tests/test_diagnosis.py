"""The usual mistakes in a gradient are named, and nothing is said that is not so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradgate.diagnosis.evidence import Evidence, equal
from gradgate.diagnosis.mistakes import list_mistakes
from gradgate.diagnosis.symptoms import find_condition
from gradgate.protocol.values import Array


def make_evidence(got: Array, want: Array, **inputs: object) -> Evidence:
    """Return a gradient of x of which the oracle knows no more than it says."""
    return Evidence(
        name="x",
        result="grad of x",
        got=got,
        want=want,
        inputs=inputs,
        output=np.zeros(()),
        others=(),
        siblings={},
        computed=True,
        answer=lambda other: None,
    )


def test_a_size_that_never_varies_is_not_named() -> None:
    x = np.ones((2, 3), np.float32)
    always = [make_evidence(2.0 * want, want, x=x) for want in (x, 3 * x, 5 * x)]
    sentences = [sentence for sentence, _ in list_mistakes(always, always)]
    assert "is the right one times 2" in sentences
    assert not [sentence for sentence in sentences if "batch size" in sentence]


def test_a_condition_that_may_hold_by_chance_is_not_named() -> None:
    one = np.ones(1)
    examples = [make_evidence((1 + i % 2) * one, one, stride=1 + i % 2) for i in range(20)]
    assert find_condition(examples) == "stride is more than 1"
    assert find_condition(examples[:4]) == ""
    assert find_condition([replace(e, got=2 * one) for e in examples]) == ""


def test_gradients_are_compared_up_to_rounding() -> None:
    ones = np.ones(3)
    assert equal(ones, ones + 1e-5)
    assert not equal(ones, ones + 1e-3)
    assert not equal(ones, np.ones((3, 1)))
