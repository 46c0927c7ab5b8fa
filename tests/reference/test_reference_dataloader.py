"""Datasets, batches and augmentation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reference.dataloader import (
    Compose,
    DataLoader,
    Dataset,
    RandomCrop,
    RandomHorizontalFlip,
    TensorDataset,
)
from reference.tensor import Tensor

IMAGES = [
    np.arange(1, 13, dtype=np.uint8).reshape(3, 4),
    np.ones((2, 3, 4)),
    Tensor(np.ones((3, 4))),
]


def pairs(count: int) -> TensorDataset:
    """Make samples whose two fields tell their index."""
    index = np.arange(count)
    return TensorDataset(Tensor(np.stack([index, index], 1)), Tensor(index * 10))


def values(image: Any) -> Any:
    """Return the array of a tensor or an array."""
    return image.data if isinstance(image, Tensor) else image


def test_a_dataset_is_abstract() -> None:
    with pytest.raises(TypeError):
        Dataset()  # type: ignore[abstract]


def test_a_tensor_dataset_returns_rows_of_every_tensor() -> None:
    row, label = pairs(3)[2]
    np.testing.assert_array_equal(row.data, [2, 2])
    assert label.data == 20
    assert len(pairs(3)) == 3


@pytest.mark.parametrize("index", [3, 100, -4])
def test_an_index_out_of_range_is_refused(index: int) -> None:
    with pytest.raises(IndexError):
        pairs(3)[index]


def test_unequal_first_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="first size"):
        TensorDataset(Tensor(np.ones((2, 3))), Tensor(np.ones(3)))


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(7, 3, [3, 3, 1]), (4, 2, [2, 2]), (2, 5, [2])]
)
def test_batches_keep_the_order_and_the_last_short_one(
    count: int, size: int, sizes: list[int]
) -> None:
    loader = DataLoader(pairs(count), size)
    loaded = list(loader)
    assert len(loader) == len(loaded)
    assert [len(rows.data) for rows, _ in loaded] == sizes
    assert all(type(batch) is tuple and isinstance(batch[0], Tensor) for batch in loaded)
    np.testing.assert_array_equal(
        np.concatenate([labels.data for _, labels in loaded]), np.arange(count) * 10
    )


def test_shuffled_epochs_hold_each_sample_once_still_paired_in_a_new_order() -> None:
    loader = DataLoader(pairs(20), 6, shuffle=True)
    orders = []
    for _ in range(2):
        loaded = list(loader)
        rows = np.concatenate([rows.data for rows, _ in loaded])
        labels = np.concatenate([labels.data for _, labels in loaded])
        np.testing.assert_array_equal(rows * 10, np.stack([labels, labels], 1))
        np.testing.assert_array_equal(np.sort(labels), np.arange(20) * 10)
        orders.append(labels)
    assert (orders[0] != orders[1]).any()


def test_two_iterators_do_not_disturb_each_other() -> None:
    loader = DataLoader(pairs(6), 2, shuffle=True)
    one, two = iter(loader), iter(loader)
    seen: list[list[float]] = [[], []]
    for batches in zip(one, two, strict=True):
        for labels, (_, batch) in zip(seen, batches, strict=True):
            labels.extend(batch.data)
    assert sorted(seen[0]) == sorted(seen[1]) == [0, 10, 20, 30, 40, 50]


def test_batches_may_come_from_a_dataset_of_arrays_and_numbers() -> None:
    class Squares(Dataset):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            return np.full(2, index), index**2

    ((rows, squares),) = DataLoader(Squares(), 5)
    np.testing.assert_array_equal(rows.data, [[0, 0], [1, 1], [2, 2]])
    np.testing.assert_array_equal(squares.data, [0, 1, 4])


@pytest.mark.parametrize("image", IMAGES, ids=["uint8", "channels", "tensor"])
@pytest.mark.parametrize(
    "transform", [RandomHorizontalFlip(0), RandomHorizontalFlip(1), RandomCrop((3, 4), 1)]
)
def test_transforms_return_a_new_image_of_the_same_kind(transform: Any, image: Any) -> None:
    before = values(image).copy()
    result = transform(image)
    assert type(result) is type(image)
    assert (result.shape, values(result).dtype) == (image.shape, before.dtype)
    assert not np.shares_memory(values(result), values(image))
    np.testing.assert_array_equal(values(image), before)


def test_flipping_mirrors_columns_with_its_probability() -> None:
    image = IMAGES[0]
    np.testing.assert_array_equal(RandomHorizontalFlip(1)(image), image[:, ::-1])
    np.testing.assert_array_equal(RandomHorizontalFlip(0)(image), image)
    half = RandomHorizontalFlip()
    flipped = sum(half(image)[0, 0] != image[0, 0] for _ in range(1000))
    assert flipped == pytest.approx(500, abs=60)


def test_crops_are_windows_of_the_zero_padded_image_wherever_they_fit() -> None:
    image = IMAGES[0]
    padded = np.pad(image, 1)
    crop = RandomCrop((4, 3), padding=1)
    want = {padded[i : i + 4, j : j + 3].tobytes() for i in range(2) for j in range(4)}
    assert {crop(image).tobytes() for _ in range(200)} == want


def test_crops_are_square_with_four_pixels_of_border_by_default() -> None:
    assert RandomCrop(9)(np.ones((2, 3, 4))).shape == (2, 9, 9)
    np.testing.assert_array_equal(RandomCrop((11, 12))(IMAGES[0]), np.pad(IMAGES[0], 4))


def test_transforms_compose_in_order() -> None:
    assert Compose([lambda x: x + 1, lambda x: x * 2])(3) == 8
