"""08 DataLoader: datasets, shuffled batches, and image augmentation."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import abc
from typing import Any, TypeVar

import numpy as np

from .tensor import Array, Tensor, as_array

Image = TypeVar("Image", Tensor, Array)


class Dataset(ABC):
    """Samples that can be counted and fetched one at a time."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of samples."""

    @abstractmethod
    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """Return one sample as a tuple."""


class TensorDataset(Dataset):
    """Tensors whose first axis runs over the samples."""

    def __init__(self, *tensors: Tensor) -> None:
        """Keep tensors of equal first size."""
        if len({len(tensor.data) for tensor in tensors}) != 1:
            raise ValueError("all tensors of a dataset must have the same first size")
        self.tensors = tensors

    def __len__(self) -> int:
        """Return the common first size."""
        return len(self.tensors[0].data)

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        """Return the row at `index` of every tensor."""
        if not 0 <= index < len(self):
            raise IndexError(f"index {index} out of range for {len(self)} samples")
        return tuple(Tensor(tensor.data[index]) for tensor in self.tensors)


class DataLoader:
    """Batches of a dataset, each a tuple of stacked tensors; the last one may be short."""

    def __init__(self, dataset: Dataset, batch_size: int, shuffle: bool = False) -> None:
        """Set what to load, how many samples at a time, and whether in random order."""
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self) -> int:
        """Return the number of batches per epoch."""
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> abc.Iterator[tuple[Tensor, ...]]:
        """Start an epoch with an order of its own."""
        count = len(self.dataset)
        order = np.random.permutation(count) if self.shuffle else np.arange(count)
        for start in range(0, count, self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield _collate([self.dataset[int(index)] for index in chosen])


def _collate(samples: list[tuple[Any, ...]]) -> tuple[Tensor, ...]:
    """Stack samples field by field, so that fields stay paired."""
    return tuple(
        Tensor.from_op(np.stack([as_array(value) for value in field]))
        for field in zip(*samples, strict=True)
    )


class _Transform:
    """A random change of one image (C, H, W) or (H, W); returns a new one of the same kind."""

    def __call__(self, image: Image) -> Image:
        """Change a copy of the image."""
        if isinstance(image, Tensor):
            return Tensor.from_op(self.change(image.data))
        return self.change(np.asarray(image))

    def change(self, image: Array) -> Array:
        """Return a new array."""
        raise NotImplementedError


class RandomHorizontalFlip(_Transform):
    """Mirror left and right with probability p."""

    def __init__(self, p: float = 0.5) -> None:
        """Set the probability of mirroring."""
        self.p = p

    def change(self, image: Array) -> Array:
        """Reverse the last axis, or copy."""
        return np.array(image[..., ::-1] if np.random.random_sample() < self.p else image)


class RandomCrop(_Transform):
    """Pad with zeros on all four sides, then cut out a random part of the given size."""

    def __init__(self, size: int | tuple[int, int], padding: int = 4) -> None:
        """Set the size of the result and the width of the border."""
        self.size = (size, size) if isinstance(size, int) else size
        self.padding = padding

    def change(self, image: Array) -> Array:
        """Cut a window whose corner is uniform over all places where it fits."""
        border = [(0, 0)] * (image.ndim - 2) + [(self.padding, self.padding)] * 2
        padded = np.pad(image, border)
        height, width = self.size
        top = np.random.randint(padded.shape[-2] - height + 1)
        left = np.random.randint(padded.shape[-1] - width + 1)
        return np.array(padded[..., top : top + height, left : left + width])


class Compose:
    """Transforms applied one after another."""

    def __init__(self, transforms: abc.Sequence[abc.Callable[[Any], Any]]) -> None:
        """Keep the transforms in the order of application."""
        self.transforms = transforms

    def __call__(self, image: Any) -> Any:
        """Apply every transform to the result of the one before."""
        for transform in self.transforms:
            image = transform(image)
        return image
