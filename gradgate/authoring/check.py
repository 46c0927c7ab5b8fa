"""What a check is: inputs drawn, one scenario, one comparison."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gradgate.authoring.inputs import Inputs

if TYPE_CHECKING:  # the worker imports this file and must not import Hypothesis
    from gradgate.authoring.draw import Draw

Scenario = Callable[..., Mapping[str, Any]]
"""`scenario(api, **inputs)`: uses the API and returns named results, never a verdict."""

# The part of a dotted name that says to which module of the course a check belongs: a file
# `checks/m09_spatial.py`, or a folder of that name.
MODULE = re.compile(r"\.m\d\d_(\w+)")


@dataclass(frozen=True)
class Tolerance:
    """How far a result may lie from the oracle's: `relative * max|want| + absolute`."""

    relative: float
    absolute: float


# Measured: a correct float32 submission stays below a tenth of CLOSE on the drawn grids.
CLOSE = Tolerance(1e-4, 1e-6)
# For what involves no rounding: movement of data, comparisons, integers.
EXACT = Tolerance(0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One property of the contract, ready to be judged."""

    module: str
    name: str
    title: str
    scenario: Scenario
    inputs: Callable[[Draw], Inputs]
    corners: tuple[Inputs, ...] = field(compare=False)  # dicts have no hash
    hint: str
    points: int
    examples: int
    tolerance: Tolerance
    view: Callable[..., Mapping[str, Any]] | None
    also: tuple[Scenario, ...]
    stretch: bool

    @property
    def id(self) -> str:
        """The module and the name, as in `tensor.add_broadcasts`."""
        return f"{self.module}.{self.name}"


def draw_nothing(draw: Draw) -> Inputs:
    """Draw no inputs, for a check that needs none."""
    return {}


def check(
    *,
    hint: str,
    inputs: Callable[[Draw], Inputs] = draw_nothing,
    corners: tuple[Inputs, ...] = (),
    points: int = 1,
    examples: int = 40,
    tolerance: Tolerance = CLOSE,
    view: Callable[..., Mapping[str, Any]] | None = None,
    also: tuple[Scenario, ...] = (),
    stretch: bool = False,
) -> Callable[[Scenario], Check]:
    """Turn a scenario into a check; its docstring's first line is what the student reads.

    `inputs` draws one example, on the trusted side only. `corners` are examples that are asked at
    every seed, after what is drawn: what must be seen is not left to chance. `view(results,
    **inputs)` picks what of the results is compared, on the trusted side, where a property admits
    several answers. `also` holds further answers the contract accepts: scenarios run with the
    oracle's API, of which the submission must match one entirely. `stretch` checks are shown and
    never gate. Raises ValueError for a scenario without a docstring.
    """

    def decorate(scenario: Scenario) -> Check:
        title = (inspect.getdoc(scenario) or "").partition("\n")[0]
        if not title:
            raise ValueError(f"{scenario.__name__} has no docstring, the line a student reads")
        return Check(
            module=_find_module(scenario.__module__),
            name=scenario.__name__,
            title=title,
            scenario=scenario,
            inputs=inputs,
            corners=corners,
            hint=hint,
            points=points,
            examples=examples,
            tolerance=tolerance,
            view=view,
            also=also,
            stretch=stretch,
        )

    return decorate


def _find_module(dotted: str) -> str:
    """Return the module of the course that a file of checks belongs to: its id, `spatial`."""
    match = MODULE.search(f".{dotted}")
    return match[1] if match else dotted.rpartition(".")[2]
