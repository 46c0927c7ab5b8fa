"""The oracle where the reference is: it runs scenarios with the reference, in float64."""

from __future__ import annotations

import importlib
import random
from collections.abc import Sequence

import numpy as np

from gradgate.authoring.api import Api
from gradgate.authoring.check import Check, Scenario
from gradgate.course import Course
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.protocol.values import Answer, describe_all

REFERENCE = "reference"


class LiveOracle:
    """Answers by running scenarios with the course's reference."""

    name = "reference"

    def __init__(self, course: Course) -> None:
        """Import the reference, with recording on whatever was imported before."""
        self._holder = course.settings.holder
        try:
            self._api = load_reference(course)
            self._holder_class = getattr(self._api, self._holder.name)
        except Exception as error:
            place = course.folder / REFERENCE
            reason = f"{type(error).__name__}: {error}"
            raise HarnessError(f"{place} cannot be used: {reason}") from error

    def answers(self, check: Check, example: Example) -> Sequence[Answer]:
        """Return every accepted answer, the usual one first; raises HarnessError if it cannot."""
        accepted = (check.scenario, *check.also)
        return [self._answer(check, scenario, example) for scenario in accepted]

    def _answer(self, check: Check, scenario: Scenario, example: Example) -> Answer:
        copies = {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in example.inputs.items()
        }
        np.random.seed(example.seed)
        random.seed(example.seed)
        try:
            results = scenario(self._api, **copies)
            answer = describe_all(results, self._holder, self._holder_class)
        except Exception as error:
            raise HarnessError(
                f"the reference fails {check.id}: {type(error).__name__}: {error}"
            ) from error
        if not answer:
            raise HarnessError(f"{check.id} returns nothing that could be compared")
        for name, value in answer.items():
            if value.kind == "other":  # nobody compares it, so that anything would pass
                raise HarnessError(f"{check.id} returns {name!r} as a {value.text}")
        return answer


def load_reference(course: Course) -> Api:
    """Return the names of the contract as the course's reference offers them.

    The reference's function `prepare`, where it has one, makes it ready to be an oracle: computing
    in float64, recording from now on.
    """
    package = importlib.import_module(f"{course.package}.{REFERENCE}")
    getattr(package, "prepare", lambda: None)()
    layout = {name: f"{package.__name__}.{name}" for name in course.names}
    return Api(layout, course.owners)


def has_reference(course: Course) -> bool:
    """Tell whether a course comes with its reference."""
    return (course.folder / REFERENCE / "__init__.py").is_file()
