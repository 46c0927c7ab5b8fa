"""What an oracle is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gradgate.authoring.check import Check
from gradgate.examples.example import Example
from gradgate.protocol.values import Answer


class Oracle(Protocol):
    """Answers what a check's scenario should return."""

    name: str

    def answers(self, check: Check, example: Example) -> Sequence[Answer]:
        """Return every accepted answer, the usual one first; raises HarnessError if it cannot."""
