"""The milestones of the course, found in the folders `NN_year_name/` beside the kit."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from gradgate.errors import UsageError

from .architecture import Architecture
from .gates import Gate, Milestone

FOLDER = Path(__file__).resolve().parents[1]
# Not `milestones`: a course is imported below a private name, and so is this kit.
PACKAGE = __name__.rpartition(".definition.")[0]


@cache
def load_milestones() -> tuple[Milestone, ...]:
    """Return every milestone, in order; the folders' names are no identifiers."""
    folders = sorted(FOLDER.glob("[0-9][0-9]_*"))
    modules = [importlib.import_module(f"{PACKAGE}.{folder.name}.milestone") for folder in folders]
    return tuple(module.MILESTONE for module in modules)


def find_architecture(title: str) -> Architecture:
    """Return the network of that title; raises KeyError if no gate trains it."""
    gates = [gate for milestone in load_milestones() for gate in milestone.gates]
    networks = [recipe.network for gate in gates for recipe in gate.recipes.values()]
    networks += [gate.rival for gate in gates if gate.rival]
    for exhibit in (exhibit for gate in gates for exhibit in gate.exhibits):
        networks += [exhibit.recipe.network, exhibit.rival]
    return {network.title: network for network in networks}[title]


def select_gates(words: Sequence[str]) -> list[tuple[Milestone, Gate]]:
    """Return the gates asked for: `04` means all of a milestone's, `04/01` one, none means all.

    Raises UsageError for what is not there.
    """
    known = [(milestone, gate) for milestone in load_milestones() for gate in milestone.gates]
    for word in words:
        if not any(_means(word, gate) for _, gate in known):
            ids = ", ".join(gate.id for _, gate in known)
            raise UsageError(f"there is no milestone or gate {word!r}; the gates are {ids}")
    return [
        (milestone, gate)
        for milestone, gate in known
        if not words or any(_means(word, gate) for word in words)
    ]


def _means(word: str, gate: Gate) -> bool:
    number, _, part = gate.id.partition("/")
    asked, slash, asked_part = word.partition("/")
    return asked.zfill(2) == number and (not slash or asked_part.zfill(2) == part)
