"""What data sets are made into: parts for training, validation and test, and variants of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny_cifar
from numpy.typing import NDArray

from milestones.data import cifar10, splits, tinydigits
from milestones.data.splits import Images, Split, permute_pixels, place_on_canvas, shift

DIGITS = splits.load("tinydigits")
HAND = np.arange(1, 10, dtype=np.float32).reshape(1, 1, 3, 3)  # 1 2 3 / 4 5 6 / 7 8 9
Variant = Callable[[Split, np.random.Generator], Split]
VARIANTS = {"on a canvas": place_on_canvas(12), "permuted": permute_pixels}
EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


def list_parts(split: Split) -> list[Images]:
    """The three parts of a split."""
    return [split.train, split.validation, split.test]


def list_images(images: Images) -> list[tuple[bytes, int]]:
    """What each image holds and shows."""
    return [(i.tobytes(), int(c)) for i, c in zip(images.images, images.labels, strict=True)]


@pytest.mark.parametrize(
    ("down", "right", "want"),
    [
        (0, 0, [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        (1, 0, [[0, 0, 0], [1, 2, 3], [4, 5, 6]]),
        (-1, 0, [[4, 5, 6], [7, 8, 9], [0, 0, 0]]),
        (0, 1, [[0, 1, 2], [0, 4, 5], [0, 7, 8]]),
        (0, -1, [[2, 3, 0], [5, 6, 0], [8, 9, 0]]),
        (2, 0, [[0, 0, 0], [0, 0, 0], [1, 2, 3]]),
        (0, -2, [[3, 0, 0], [6, 0, 0], [9, 0, 0]]),
        (1, -1, [[0, 0, 0], [2, 3, 0], [5, 6, 0]]),
        (3, 0, [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ],
)
def test_images_are_shifted_down_and_to_the_right_and_nothing_comes_round(
    down: int, right: int, want: list[list[int]]
) -> None:
    assert shift(HAND, down, right).tolist() == [[want]]


def test_every_image_and_channel_is_shifted_alike_and_keeps_its_type() -> None:
    images = np.arange(2 * 3 * 3 * 4, dtype=np.uint8).reshape(2, 3, 3, 4)
    before = images.copy()
    moved = shift(images, 1, -2)
    assert moved.dtype == np.uint8
    np.testing.assert_array_equal(moved[:, :, 1:, :2], images[:, :, :-1, 2:])
    assert not moved[:, :, 0].any()
    assert not moved[..., 2:].any()
    np.testing.assert_array_equal(images, before)


def test_of_1000_digits_900_train_and_100_validate_and_797_test() -> None:
    assert [len(part) for part in list_parts(DIGITS)] == [900, 100, 797]
    assert DIGITS.classes == tuple("0123456789")


def test_training_and_validation_images_are_the_training_images_and_none_is_both() -> None:
    shipped = tinydigits.load()
    train, validation, test = map(list_images, list_parts(DIGITS))
    given = Images(shipped.train_images, shipped.train_labels)
    assert sorted(train + validation) == sorted(list_images(given))
    assert len({*train, *validation, *test}) == 1797


def test_every_digit_is_among_those_that_validate() -> None:
    assert np.bincount(DIGITS.validation.labels, minlength=10).min() >= 3


def test_test_images_and_labels_are_those_shipped() -> None:
    shipped = tinydigits.load()
    given = Images(shipped.test_images, shipped.test_labels)
    assert sorted(list_images(DIGITS.test)) == sorted(list_images(given))


def test_the_order_is_mixed_and_always_the_same() -> None:
    again = splits.load("tinydigits")
    for part, same in zip(list_parts(DIGITS), list_parts(again), strict=True):
        np.testing.assert_array_equal(part.labels, same.labels)
        assert len({*part.labels[:20].tolist()}) >= 6


def test_photographs_stay_bytes_and_some_of_those_to_train_on_validate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_cifar.write_folder(tmp_path, tiny_cifar.batches())
    shipped = cifar10.load(tmp_path, per_batch=tiny_cifar.IMAGES)
    monkeypatch.setattr(cifar10, "load", {tmp_path: shipped}.get)
    monkeypatch.setitem(splits.VALIDATED, "cifar10", 2)
    split = splits.load("cifar10", tmp_path)
    train, validation, test = map(list_images, list_parts(split))
    assert all(part.images.dtype == np.uint8 for part in list_parts(split))
    assert (len(train), len(validation)) == (8, 2)
    given = Images(shipped.train_images, shipped.train_labels)
    assert sorted(train + validation) == sorted(list_images(given))
    assert sorted(test) == sorted(list_images(Images(shipped.test_images, shipped.test_labels)))
    assert split.classes == cifar10.CLASSES


def test_of_50000_photographs_2000_validate() -> None:
    assert splits.VALIDATED == {"tinydigits": 100, "cifar10": 2_000}


@EVERY_VARIANT
def test_a_variant_changes_images_alone(variant: Variant) -> None:
    before = DIGITS.test.images.copy()
    made = variant(DIGITS, np.random.default_rng(0))
    for part, of in zip(list_parts(made), list_parts(DIGITS), strict=True):
        np.testing.assert_array_equal(part.labels, of.labels)
        assert part.images.dtype == of.images.dtype
    np.testing.assert_array_equal(DIGITS.test.images, before)
    assert made.classes == DIGITS.classes


@EVERY_VARIANT
def test_a_variant_follows_from_its_seed(variant: Variant) -> None:
    first, again, other = (variant(DIGITS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for part, same, changed in zip(
        list_parts(first), list_parts(again), list_parts(other), strict=True
    ):
        np.testing.assert_array_equal(part.images, same.images)
        assert not np.array_equal(part.images, changed.images)


def find_places(canvas: NDArray[np.float32], image: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Where on a canvas an image lies whole, with nothing beside it."""
    return [
        (top, left)
        for top in range(5)
        for left in range(5)
        if np.array_equal(canvas[:, top : top + 8, left : left + 8], image)
        and canvas.sum() == image.sum()
    ]


def test_every_image_lies_whole_on_its_canvas() -> None:
    made = place_on_canvas(12)(DIGITS, np.random.default_rng(0))
    for part, of in zip(list_parts(made), list_parts(DIGITS), strict=True):
        assert part.images.shape == (len(of), 1, 12, 12)
        assert all(map(find_places, part.images, of.images))


def test_an_image_may_lie_anywhere_on_its_canvas() -> None:
    full = Images(np.ones((500, 1, 8, 8), np.float32), np.zeros(500, np.int64))
    made = place_on_canvas(12)(
        Split(train=full, validation=full, test=full, classes=("0",)), np.random.default_rng(0)
    )
    for part in list_parts(made):
        places = [find_places(canvas, full.images[0]) for canvas in part.images]
        assert {place for (place,) in places} == {(r, c) for r in range(5) for c in range(5)}


def test_one_rearrangement_of_the_pixels_serves_every_part() -> None:
    numbers = np.arange(64, dtype=np.float32).reshape(1, 1, 8, 8)
    train, validation, test = (Images(numbers + 100 * n, np.zeros(1, np.int64)) for n in range(3))
    split = Split(train=train, validation=validation, test=test, classes=("0",))
    made = permute_pixels(split, np.random.default_rng(0))
    order = made.train.images.ravel()
    assert sorted(order) == [*range(64)]
    assert [*order] != sorted(order)
    for n, part in enumerate(list_parts(made)):
        np.testing.assert_array_equal(part.images.ravel(), order + 100 * n)
