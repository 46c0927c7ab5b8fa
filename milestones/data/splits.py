"""A data set as a milestone uses it: images to train on, to validate with, and to test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from milestones.data import cifar10, tinydigits

VALIDATED = {"tinydigits": 100, "cifar10": 2_000}
"""How many of the training images are held out."""


@dataclass(frozen=True, eq=False)
class Images:
    """Images (N, C, H, W), float32 in [0, 1] or uint8, and the class ids (N,) they show."""

    images: NDArray[Any]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.labels)

    def at(self, chosen: slice | NDArray[np.int64]) -> Images:
        """Return some of them."""
        return Images(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False)
class Split:
    """Which images are for what, and the names of the classes."""

    train: Images
    validation: Images
    test: Images
    classes: tuple[str, ...]


def load(name: str, data_dir: Path | None = None) -> Split:
    """Load a data set; raises DataError where it is missing or damaged."""
    found = tinydigits.load() if name == "tinydigits" else cifar10.load(data_dir)
    classes = tuple("0123456789") if name == "tinydigits" else cifar10.CLASSES
    train = Images(found.train_images, found.train_labels)
    kept = len(train) - VALIDATED[name]
    test = Images(found.test_images, found.test_labels)
    return Split(train.at(slice(kept)), train.at(slice(kept, None)), test, classes)


def shifted(images: NDArray[Any], down: int, right: int) -> NDArray[Any]:
    """Return images moved by whole pixels; what comes in at the edges is zero."""
    moved = np.zeros_like(images)
    height, width = images.shape[2:]
    into = _overlap(height, down), _overlap(width, right)
    out_of = _overlap(height, -down), _overlap(width, -right)
    moved[:, :, into[0], into[1]] = images[:, :, out_of[0], out_of[1]]
    return moved


def _overlap(side: int, by: int) -> slice:
    return slice(max(by, 0), side + min(by, 0))
