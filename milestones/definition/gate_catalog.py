"""The milestones, read from the folders `milestones/NN_name/`: what each asks for, in one place."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from gradgate.course import catalog
from gradgate.course.catalog import Module
from gradgate.errors import UsageError
from milestones.data.splits import Split
from milestones.networks import Architecture
from milestones.recipe import Recipe

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Milestone:
    """The modules that a milestone needs, by number from the first, and its gates in order."""

    number: int
    title: str
    modules: range
    gates: tuple[Gate, ...]
    folder: Path

    @property
    def needs(self) -> tuple[Module, ...]:
        """The modules it needs, in course order."""
        return tuple(module for module in catalog.modules() if module.number in self.modules)


@cache
def milestones() -> tuple[Milestone, ...]:
    """Return every milestone in order."""
    return tuple(
        importlib.import_module(f"milestones.{folder.name}.milestone").MILESTONE
        for folder in sorted(FOLDER.glob("[0-9][0-9]_*"))
    )


def architecture(title: str) -> Architecture:
    """Return the network of that title; raises KeyError if no gate trains it."""
    gates = [gate for milestone in milestones() for gate in milestone.gates]
    found = [recipe.network for gate in gates for recipe in gate.recipes.values()]
    found += [gate.rival for gate in gates if gate.rival]
    exhibits = [exhibit for gate in gates for exhibit in gate.exhibits]
    found += [network for e in exhibits for network in (e.recipe.network, e.rival)]
    return {network.title: network for network in found}[title]


def select(wanted: Sequence[str]) -> list[tuple[Milestone, Gate]]:
    """Return the gates asked for: `04` means all of a milestone's, `04/01` one, none means all.

    Raises UsageError for what is not there.
    """
    known = [(milestone, gate) for milestone in milestones() for gate in milestone.gates]
    for word in wanted:
        if not any(_means(word, gate) for _, gate in known):
            ids = ", ".join(gate.id for _, gate in known)
            raise UsageError(f"there is no milestone or gate {word!r}; the gates are {ids}")
    return [
        (milestone, gate)
        for milestone, gate in known
        if not wanted or any(_means(word, gate) for word in wanted)
    ]


def _means(word: str, gate: Gate) -> bool:
    number, _, part = gate.id.partition("/")
    asked, slash, asked_part = word.partition("/")
    return asked.zfill(2) == number and (not slash or asked_part.zfill(2) == part)
