"""A data set as a milestone uses it: images to train on, to validate with, and to test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import cifar10, tinydigits

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

    def select(self, chosen: slice | NDArray[np.int64]) -> Images:
        """Return some of them."""
        return Images(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False, kw_only=True)
class Split:
    """Which images are for what, and the names of the classes."""

    train: Images
    validation: Images
    test: Images
    classes: tuple[str, ...]


def load(name: str, data_dir: Path | None = None) -> Split:
    """Load a data set; raises DataError where it is missing or damaged."""
    loaded = tinydigits.load() if name == "tinydigits" else cifar10.load(data_dir)
    classes = tuple("0123456789") if name == "tinydigits" else cifar10.CLASSES
    train = _mix(Images(loaded.train_images, loaded.train_labels))
    kept = len(train) - VALIDATED[name]
    return Split(
        train=train.select(slice(kept)),
        validation=train.select(slice(kept, None)),
        test=_mix(Images(loaded.test_images, loaded.test_labels)),
        classes=classes,
    )


def _mix(images: Images) -> Images:
    """Return images in another order, always the same: files need not have their classes mixed."""
    return images.select(np.random.default_rng(0).permutation(len(images)))


def shift(images: NDArray[Any], down: int, right: int) -> NDArray[Any]:
    """Return images moved by whole pixels; what comes in at the edges is zero."""
    moved = np.zeros_like(images)
    height, width = images.shape[2:]
    into = _slice_overlap(height, down), _slice_overlap(width, right)
    out_of = _slice_overlap(height, -down), _slice_overlap(width, -right)
    moved[:, :, into[0], into[1]] = images[:, :, out_of[0], out_of[1]]
    return moved


def place_on_canvas(side: int) -> Callable[[Split, np.random.Generator], Split]:
    """Return what puts each image at a random place of a blank square of that side."""

    def place(images: Images, rng: np.random.Generator) -> Images:
        count, channels, height, width = images.images.shape
        canvas = np.zeros((count, channels, side, side), images.images.dtype)
        tops, lefts = rng.integers(side - height + 1, size=(2, count))
        for blank, image, top, left in zip(canvas, images.images, tops, lefts, strict=True):
            blank[:, top : top + height, left : left + width] = image
        return Images(canvas, images.labels)

    return lambda split, rng: _change_parts(split, lambda images: place(images, rng))


def permute_pixels(split: Split, rng: np.random.Generator) -> Split:
    """Return the images with their pixels rearranged, all in the same way."""
    order = rng.permutation(split.train.images[0].size)

    def permute(images: Images) -> Images:
        rows = images.images.reshape(len(images), -1)
        return Images(rows[:, order].reshape(images.images.shape), images.labels)

    return _change_parts(split, permute)


def _change_parts(split: Split, change: Callable[[Images], Images]) -> Split:
    return Split(
        train=change(split.train),
        validation=change(split.validation),
        test=change(split.test),
        classes=split.classes,
    )


def _slice_overlap(side: int, by: int) -> slice:
    return slice(max(by, 0), side + min(by, 0))
