"""Naming the mistake in a wrong gradient: the usual ones are tried, and one that fits is named.

It fits if it reproduces the submission's numbers in every example, those that come out right by
chance included; or in every example that is wrong, and then the report says so. Of several that
fit, the more particular one comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradgate.diagnosis.accumulation import OWN_PLACE, list_accumulation_errors
from gradgate.diagnosis.evidence import (
    Evidence,
    Guess,
    Impossible,
    Mistake,
    collect_evidence,
    equal,
)
from gradgate.diagnosis.formulas import list_formulas, list_miscounts, list_sums_of_powers
from gradgate.diagnosis.mistakes import NOTHING, list_mistakes, list_shared_results
from gradgate.diagnosis.symptoms import SYMPTOMS, find_condition
from gradgate.examples.example import Example
from gradgate.judging.counterexample import CounterexampleSearch
from gradgate.results import Cause

# Fewer examples that fail, or the same few numbers in all of them, fit too many mistakes.
FAILING = 3
NUMBERS = 4


def diagnose(search: CounterexampleSearch, example: Example, cause: Cause) -> str:
    """Return what is wrong with a gradient, or nothing; raises Stopped.

    `example` is the one that the report shows; sizes are said as they are there.
    """
    if cause.kind not in ("value", "shape") or cause.gradient_of not in example.inputs:
        return ""
    evidence = list(collect_evidence(search, example, cause, FAILING))
    wrong = sorted((e for e in evidence if e.wrong), key=lambda e: e.want.size)
    if len(wrong) < FAILING or _count_numbers(wrong) < NUMBERS:
        return ""
    if not all(one.computed for one in evidence):
        return ""  # a backward may follow a forward that is wrong itself
    subject = _name_gradient(cause)
    always, mistake = _find_mistake(wrong, evidence)
    if always:
        return f"Your {subject} {mistake}."
    condition = find_condition(evidence)
    if not mistake:
        return f"Your {subject} is wrong only where {condition}." if condition else ""
    also = f" It is wrong only where {condition}." if condition else ""
    return f"Where it is wrong, your {subject} {mistake}.{also}"


def _name_gradient(cause: Cause) -> str:
    usual = f"grad of {cause.gradient_of}"
    return f"gradient of {cause.gradient_of}" if cause.result == usual else cause.result


def _count_numbers(wrong: Sequence[Evidence]) -> int:
    """Count the different numbers in some gradients, signs and rounding apart."""
    gradients = [array.ravel() for e in wrong for array in (e.got, e.want)]
    return len(set(np.abs(np.concatenate(gradients)).round(6).tolist()))


def _find_mistake(wrong: Sequence[Evidence], evidence: Sequence[Evidence]) -> tuple[bool, str]:
    """Return what explains all wrong examples, and whether it explains the right ones, too."""
    partly = ""
    for mistake, guess in _list_mistakes(wrong, evidence):
        if all(_fits(guess, one) for one in wrong):
            if all(_fits(guess, one) for one in evidence):
                return True, mistake
            partly = partly or mistake
    symptoms = (words for words, symptom in SYMPTOMS.items() if all(map(symptom, wrong)))
    return False, partly or next(symptoms, "")


def _list_mistakes(wrong: Sequence[Evidence], evidence: Sequence[Evidence]) -> Iterator[Mistake]:
    yield from NOTHING
    yield from list_shared_results(evidence)
    yield from list_miscounts(wrong)
    yield from list_mistakes(wrong, evidence)
    yield from list_sums_of_powers(wrong)
    yield OWN_PLACE
    yield from list_formulas(wrong)
    yield from list_accumulation_errors()


def _fits(guess: Guess, example: Evidence) -> bool:
    try:
        return equal(guess(example), example.got)
    except (Impossible, KeyError, ValueError, IndexError):  # it cannot be made with these inputs
        return False
