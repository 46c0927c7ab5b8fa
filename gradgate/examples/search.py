"""Looking for a failing example with Hypothesis: same seed, same examples."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress

import hypothesis
from hypothesis import HealthCheck, Phase, core
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import data, engine, providers

from gradgate.authoring.check import Check, Inputs
from gradgate.authoring.draw import inputs_of
from gradgate.errors import HarnessError

# Hypothesis mixes literals of "local" source files into its draws, and keeps them in .hypothesis/
# below the current folder: what is local depends on where the project stands.
providers._get_local_constants = lambda: providers._local_constants

# Hypothesis draws some examples by changing earlier ones. These are alike, and at some seeds all
# alike in what hides a bug; independent ones find it at every seed, for the same number of them.
engine.ConjectureRunner.generate_mutations_from = (  # type: ignore[method-assign]
    lambda self, data: None
)

# Hypothesis times the garbage collector for deadlines, which we have none of, in a callback that
# swallows a Ctrl-C and prints a traceback in its place.
for _module in (core, data):
    vars(_module)["gc_cumulative_time"] = lambda: 0.0


class Falsified(Exception):
    """Raised from one line only, so that Hypothesis shrinks one failure."""


def search(check: Check, seed: int, fails: Callable[[Inputs], bool]) -> None:
    """Draw examples until one fails, then smaller ones; `fails` keeps what it wants to know.

    Each check is seeded by its name, so that neither the other checks of a run nor an edit of
    this file changes what it draws.
    """

    @hypothesis.seed(zlib.crc32(f"{seed}:{check.id}".encode()))
    @hypothesis.settings(
        max_examples=check.examples,
        database=None,  # nothing is remembered between submissions
        deadline=None,  # time limits are the keeper's
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
    @hypothesis.given(inputs_of(check))
    def examine(inputs: Inputs) -> None:
        if fails(inputs):
            raise Falsified

    try:
        with suppress(Falsified):
            examine()
    except Unsatisfiable as error:
        raise HarnessError(f"{check.id} draws no example: {error}") from error
