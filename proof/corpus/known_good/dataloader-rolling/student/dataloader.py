"""Module 08: orders by sorting random keys, crops by rolling, a fast path for tensors; typed."""

from __future__ import annotations

import abc
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .tensor import Tensor


class Dataset(metaclass=abc.ABCMeta):
    """What has a length and can be indexed."""

    @abc.abstractmethod
    def __len__(self) -> int:
        raise NotImplementedError

    @abc.abstractmethod
    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError


class TensorDataset(Dataset):
    __slots__ = ("columns",)

    def __init__(self, *columns: Tensor) -> None:
        lengths = {column.shape[0] for column in columns}
        if len(lengths) > 1:
            raise ValueError(f"tensors of different lengths {sorted(lengths)}")
        self.columns = columns

    def __len__(self) -> int:
        return self.columns[0].shape[0]

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        if index not in range(len(self)):
            raise IndexError(index)
        return tuple(Tensor(column.data[index]) for column in self.columns)

    def batch(self, indices: np.ndarray) -> tuple[Tensor, ...]:
        return tuple(Tensor(np.take(column.data, indices, axis=0)) for column in self.columns)


@dataclass
class DataLoader:
    dataset: Dataset
    batch_size: int
    shuffle: bool = False
    epochs_started: int = field(default=0, init=False)

    def __len__(self) -> int:
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        self.epochs_started += 1
        keys = np.random.rand(len(self.dataset)) if self.shuffle else np.arange(len(self.dataset))
        borders = range(self.batch_size, len(self.dataset), self.batch_size)
        parts = np.split(np.argsort(keys, kind="stable"), borders)
        return map(self.load, filter(len, parts))

    def load(self, indices: np.ndarray) -> tuple[Tensor, ...]:
        if isinstance(self.dataset, TensorDataset):
            return self.dataset.batch(indices)
        samples = [self.dataset[int(i)] for i in indices]
        fields = range(len(samples[0]))
        return tuple(Tensor([plain(sample[f]).tolist() for sample in samples]) for f in fields)


def plain(value: Any) -> np.ndarray:
    return value.data if isinstance(value, Tensor) else np.asarray(value)


Transform = Callable[[Any], Any]


def on_pixels(change: Callable[[Any, np.ndarray], np.ndarray]) -> Callable[[Any, Any], Any]:
    """Let a method on arrays take Tensors as well, and answer with the same kind."""

    @functools.wraps(change)
    def call(self: Any, image: Any) -> Any:
        if isinstance(image, Tensor):
            return Tensor(change(self, image.data))
        return change(self, np.asarray(image)).copy()

    return call


@dataclass(frozen=True)
class RandomHorizontalFlip:
    p: float = 0.5

    @on_pixels
    def __call__(self, image: np.ndarray) -> np.ndarray:
        return np.flip(image, -1) if np.random.binomial(1, self.p) else image


@dataclass(frozen=True)
class RandomCrop:
    size: int | tuple[int, int]
    padding: int = 4

    @on_pixels
    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Roll the chosen window into the upper left corner of the padded image, then cut."""
        border = np.full(image.ndim, self.padding)
        border[:-2] = 0
        padded = np.zeros(np.add(image.shape, 2 * border), dtype=image.dtype)
        inner = tuple(slice(b, b + n) for b, n in zip(border, image.shape))
        padded[inner] = image
        size = np.broadcast_to(self.size, 2)
        shift = np.random.randint(0, np.subtract(padded.shape[-2:], size) + 1)
        rolled = np.roll(padded, tuple(-shift), axis=(-2, -1))
        return rolled[..., : size[0], : size[1]]


@dataclass
class Compose:
    transforms: list[Transform]

    def __call__(self, image: Any) -> Any:
        return functools.reduce(lambda value, transform: transform(value), self.transforms, image)
