"""Milestones, their gates, and the exhibits that a gate shows besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradgate.course import Course, Module

from ..data.splits import Split
from .architecture import Architecture
from .recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A comparison that shows something, and decides nothing.

    `variant` makes another data set of the gate's, on which the recipe's network and the rival
    are trained alike.
    """

    title: str
    shows: str
    variant: Callable[[Split, np.random.Generator], Split]
    recipe: Recipe
    rival: Architecture


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A network to be trained with a submission's modules, and what it must reach.

    `id` is the milestone's number and the gate's (`04/01`), `script` the file a person runs.
    `accuracy` is the share of test images to be recognised. `lead`, if given, is by how much more
    of the test images, shifted by one pixel, the network must recognise than the `rival`, which is
    trained alike. `recipes` go by the accuracy in percent that they are good for, the usual one
    first.
    """

    id: str
    script: str
    title: str
    dataset: str
    recipes: Mapping[str, Recipe]
    accuracy: float
    rival: Architecture | None = None
    lead: float | None = None
    exhibits: tuple[Exhibit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """The modules that a milestone needs, by number from the first, and its gates in order."""

    number: int
    title: str
    modules: range
    gates: tuple[Gate, ...]
    folder: Path

    def list_modules(self, course: Course) -> tuple[Module, ...]:
        """Return the modules of the course that it needs, in course order."""
        return tuple(module for module in course.modules if module.number in self.modules)
