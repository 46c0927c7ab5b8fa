"""What a scenario should return: the reference's answers in float64, live or recorded.

Nothing else imports `reference`; checks cannot tell which oracle answers.
"""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from gradgate.course import catalog
from gradgate.authoring.api import Api
from gradgate.authoring.check import Check, Inputs, Scenario
from gradgate.errors import HarnessError
from gradgate.examples.search import search
from gradgate.protocol.values import Answer, describe_all


class Oracle(Protocol):
    """Answers what a check's scenario should return."""

    name: str

    def search(self, check: Check, seed: int, fails: Callable[[Inputs], bool]) -> None:
        """Put examples to `fails` until one fails, then smaller ones."""

    def answers(self, check: Check, inputs: Inputs, seed: int) -> Sequence[Answer]:
        """Return every accepted answer, the usual one first; raises HarnessError if it cannot."""


class LiveOracle:
    """Draws examples without end and runs scenarios with the reference."""

    name = "reference"

    def __init__(self) -> None:
        """Import the reference in float64, with recording on whatever was imported before."""
        self._api = reference()
        self._tensor_class = self._api.Tensor

    def search(self, check: Check, seed: int, fails: Callable[[Inputs], bool]) -> None:
        """Put drawn examples to `fails` until one fails, then smaller ones."""
        search(check, seed, fails)

    def answers(self, check: Check, inputs: Inputs, seed: int) -> list[Answer]:
        """Return every accepted answer, the usual one first; raises HarnessError if it cannot."""
        accepted = (check.scenario, *check.also)
        return [self._answer(check, scenario, inputs, seed) for scenario in accepted]

    def _answer(self, check: Check, scenario: Scenario, inputs: Inputs, seed: int) -> Answer:
        copies = {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in inputs.items()
        }
        np.random.seed(seed)
        random.seed(seed)
        try:
            return describe_all(scenario(self._api, **copies), self._tensor_class)
        except Exception as error:
            raise HarnessError(
                f"the reference fails {check.id}: {type(error).__name__}: {error}"
            ) from error


def reference() -> Api:
    """Return the reference's names, computing in float64 and recording from now on."""
    api = Api({module.name: f"reference.{module.name}" for module in catalog.modules()})
    api.Tensor.precision = np.float64
    importlib.import_module("reference.autograd").enable_autograd()
    return api


def available() -> bool:
    """Tell whether this copy of the project has the reference."""
    return importlib.util.find_spec("reference") is not None
