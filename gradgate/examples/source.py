"""What yields examples of a check: drawn, or recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from gradgate.authoring.check import Check
from gradgate.examples.example import Example


class ExampleSource(Protocol):
    """Yields examples of a check; the same seed yields the same ones."""

    def search(self, check: Check, seed: int, fails: Callable[[Example], bool]) -> None:
        """Put examples to `fails` until one fails, then smaller ones."""

    def examples(self, check: Check, seed: int) -> Sequence[Example]:
        """Return the examples that `search` puts to `fails` where none fails."""
