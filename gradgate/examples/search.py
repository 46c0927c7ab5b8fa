"""Drawing examples with Hypothesis, and looking for a failing one: same seed, same examples."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from hypothesis.internal.conjecture import providers

from gradgate.authoring.check import Check
from gradgate.authoring.draw import Draw
from gradgate.authoring.inputs import Inputs, Large
from gradgate.errors import HarnessError
from gradgate.examples.example import Example, make_example
from gradgate.examples.provider import SIMPLE, UNIFORM

# Where shrinking changes how much is drawn, Hypothesis draws the rest with its own backend, which
# mixes literals of "local" source files into its draws and keeps them in .hypothesis/ below the
# current folder: what is local depends on where the project stands. A test fails if the name goes.
providers._get_local_constants = lambda: providers._local_constants


SIMPLE_EXAMPLES = 40  # of a check; most are small, and many of them equal


class Falsified(Exception):
    """Raised from one line only, so that Hypothesis shrinks one failure."""


class DrawnExamples:
    """Draws examples as each check says.

    A check is seeded by its name, so that neither the other checks of a run nor an edit of this
    file changes what it draws.
    """

    def search(self, check: Check, seed: int, fails: Callable[[Example], bool]) -> None:
        """Put what is drawn to `fails` until one fails, then smaller ones; else the corners."""

        def examine(example: Example) -> None:
            if fails(example):
                raise Falsified

        with suppress(Falsified):
            _draw(check, seed, examine)
            # Last: what is drawn is smaller, and only it can be made smaller still.
            for example in _make_corners(check, seed):
                examine(example)

    def examples(self, check: Check, seed: int) -> Sequence[Example]:
        """Return the examples that `search` puts to `fails` where none fails, each once."""
        drawn: dict[bytes, Example] = {}
        _draw(check, seed, lambda example: drawn.setdefault(example.key, example))
        return [*drawn.values(), *_make_corners(check, seed)]


def draw_simple(check: Check, seed: int) -> Sequence[Example]:
    """Return examples of a check that are smaller and plainer than those it is judged by."""
    drawn: dict[bytes, Example] = {}
    settings = hypothesis.settings(_settings(check), backend=SIMPLE, max_examples=SIMPLE_EXAMPLES)
    _draw(check, seed, lambda example: drawn.setdefault(example.key, example), settings)
    return list(drawn.values())


def _draw(
    check: Check,
    seed: int,
    examine: Callable[[Example], object],
    settings: hypothesis.settings | None = None,
) -> None:
    """Draw examples for `examine`; once it raises Falsified, smaller ones."""

    @hypothesis.seed(zlib.crc32(f"{seed}:{check.id}".encode()))
    @(settings or _settings(check))
    @hypothesis.given(_strategy(check, seed))
    def run(example: Example) -> None:
        examine(example)

    try:
        run()
    except (Unsatisfiable, FailedHealthCheck) as error:  # filters reject all, or nearly all
        reason = str(error).partition("\n")[0]
        raise HarnessError(f"{check.id} draws no example: {reason}") from error


def _settings(check: Check) -> hypothesis.settings:
    return hypothesis.settings(
        backend=UNIFORM,
        max_examples=check.examples,
        database=None,  # nothing is remembered between submissions
        deadline=None,  # time limits are the worker client's
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=(
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ),
    )


def _strategy(check: Check, seed: int) -> st.SearchStrategy[Example]:
    """Return the strategy that draws one example of a check."""

    @st.composite
    def draw_example(draw: st.DrawFn) -> Example:
        return _make(check.inputs(Draw(draw)), seed)

    return draw_example()


def _make_corners(check: Check, seed: int) -> list[Example]:
    return [_make(corner, seed) for corner in check.corners]


def _make(inputs: Inputs, seed: int) -> Example:
    return make_example({name: _plain(value) for name, value in inputs.items()}, seed)


def _plain(value: Any) -> Any:
    """Return an input as the worker will get it, lists for tuples: the oracle gets the same."""
    if isinstance(value, (np.ndarray, Large)):
        return value
    return json.loads(json.dumps(value, default=lambda scalar: scalar.item()))
