"""TinyDigits is what its README says, and nothing but the shipped file is ever loaded."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from milestones.data import tinydigits
from milestones.milestone_errors import DataError

DIGITS = tinydigits.load()
SPLITS = {
    "train": (1000, DIGITS.train_images, DIGITS.train_labels),
    "test": (797, DIGITS.test_images, DIGITS.test_labels),
}


@pytest.mark.parametrize("split", SPLITS)
def test_images_are_floats_from_0_to_1_and_labels_whole_numbers(split: str) -> None:
    count, images, labels = SPLITS[split]
    assert (images.shape, images.dtype) == ((count, 1, 8, 8), np.float32)
    assert (labels.shape, labels.dtype) == ((count,), np.int64)
    assert images.min() == 0
    assert images.max() == 1
    assert np.array_equal(images * 16, np.round(images * 16))


def test_each_digit_is_there_equally_often() -> None:
    assert np.bincount(DIGITS.train_labels).tolist() == [100] * 10
    test_counts = np.bincount(DIGITS.test_labels)
    assert len(test_counts) == 10
    assert test_counts.min() >= 74
    assert test_counts.max() <= 83


def test_no_image_is_there_twice() -> None:
    everything = np.concatenate([DIGITS.train_images, DIGITS.test_images]).reshape(1797, 64)
    assert len(np.unique(everything, axis=0)) == 1797


def test_the_split_follows_from_the_images_alone() -> None:
    train, test = [
        [hashlib.sha256(image.tobytes()).digest() for image in (images * 16).astype(np.uint8)]
        for _, images, _ in SPLITS.values()
    ]
    assert train == sorted(train)
    assert test == sorted(test)
    for digit in range(10):
        of_train = [train[i] for i in np.flatnonzero(DIGITS.train_labels == digit)]
        of_test = [test[i] for i in np.flatnonzero(DIGITS.test_labels == digit)]
        assert max(of_train) < min(of_test)


def test_the_digits_are_not_sorted() -> None:
    assert len(set(DIGITS.train_labels[:50].tolist())) == 10


def test_a_field_cannot_be_replaced() -> None:
    with pytest.raises(FrozenInstanceError):
        DIGITS.train_labels = DIGITS.test_labels  # type: ignore[misc]


@pytest.mark.parametrize("change", ["missing", "truncated", "empty", "tampered", "a folder"])
def test_any_other_file_is_refused_in_one_line(tmp_path: Path, change: str) -> None:
    file, content = tmp_path / "my digits.npz", tinydigits.FILE.read_bytes()
    if change == "a folder":
        file.mkdir()
    elif change != "missing":
        tampered = content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]
        contents = {"truncated": content[:-1], "empty": b"", "tampered": tampered}
        file.write_bytes(contents[change])
    with pytest.raises(DataError) as caught:
        tinydigits.load(file)
    text = str(caught.value)
    assert text.startswith(str(file))
    assert text.endswith("checkout -- data/tinydigits/tinydigits.npz")
    assert "\n" not in text
