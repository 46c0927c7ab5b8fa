"""Naming the mistake in a wrong gradient: the usual ones are tried, and one is told if it fits.

It is told only if it reproduces the submission's numbers in every example, those that come out
right by chance included; or in every example that is wrong, which is then said. Of several that
fit, the more particular one comes first. Whatever is told is true of the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradgate.authoring.check import Inputs
from gradgate.diagnosis.accumulation import OWN_PLACE, wrongly_added
from gradgate.diagnosis.evidence import Example, Guess, Impossible, Mistake, equal, examples
from gradgate.diagnosis.finite_differences import PREFIX
from gradgate.diagnosis.formulas import counted_wrongly, formulas, sums_of_powers
from gradgate.diagnosis.mistakes import NOTHING, mistakes, shared
from gradgate.results import Cause
from gradgate.diagnosis.symptoms import TRAITS, only_where
from gradgate.judging.counterexample import Trials

# Fewer examples that fail, or the same few numbers in all of them, fit too many mistakes.
FAILING = 3
NUMBERS = 4


def diagnose(trials: Trials, inputs: Inputs, cause: Cause) -> str:
    """Return what is wrong with a gradient, or nothing; raises Stopped.

    `inputs` are those that the report shows; sizes are told as they are there.
    """
    name = cause.result.removeprefix(PREFIX)
    known = name != cause.result and name.partition(",")[0] in inputs
    if cause.kind not in ("value", "shape") or not known:
        return ""
    found = list(examples(trials, inputs, cause.result, FAILING))
    wrong = sorted((e for e in found if e.wrong), key=lambda e: e.want.size)
    if len(wrong) < FAILING or _numbers(wrong) < NUMBERS:
        return ""
    if not all(example.computed for example in found):
        return ""  # a backward may follow a forward that is wrong itself
    always, told = _explained(wrong, found)
    if always:
        return f"Your gradient of {name} {told}."
    where = only_where(found)
    if not told:
        return f"Your gradient of {name} is wrong only where {where}." if where else ""
    condition = f" It is wrong only where {where}." if where else ""
    return f"Where it is wrong, your gradient of {name} {told}.{condition}"


def _numbers(wrong: Sequence[Example]) -> int:
    """Count the different numbers in some gradients, signs and rounding apart."""
    gradients = [array.ravel() for e in wrong for array in (e.got, e.want)]
    return len(set(np.abs(np.concatenate(gradients)).round(6).tolist()))


def _explained(wrong: Sequence[Example], found: Sequence[Example]) -> tuple[bool, str]:
    """Return what explains all wrong examples, and whether it explains the right ones, too."""
    partly = ""
    for told, guess in _tried(wrong, found):
        if all(_fits(guess, example) for example in wrong):
            if all(_fits(guess, example) for example in found):
                return True, told
            partly = partly or told
    traits = (told for told, trait in TRAITS.items() if all(map(trait, wrong)))
    return False, partly or next(traits, "")


def _tried(wrong: Sequence[Example], found: Sequence[Example]) -> Iterator[Mistake]:
    yield from NOTHING
    yield from shared(found)
    yield from counted_wrongly(wrong)
    yield from mistakes(wrong, found)
    yield from sums_of_powers(wrong)
    yield OWN_PLACE
    yield from formulas(wrong)
    yield from wrongly_added()


def _fits(guess: Guess, example: Example) -> bool:
    try:
        return equal(guess(example), example.got)
    except (Impossible, KeyError, ValueError, IndexError):  # it cannot be made with these inputs
        return False
