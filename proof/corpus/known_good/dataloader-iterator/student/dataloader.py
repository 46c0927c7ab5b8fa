"""Module 08: the loader hands out iterator objects; Python's random, batches filled row by row."""

import random
from abc import ABC, abstractmethod

import numpy as np

from .tensor import Tensor


class Dataset(ABC):
    @abstractmethod
    def __getitem__(self, index):
        ...

    @abstractmethod
    def __len__(self):
        ...

    def __iter__(self):
        return (self[i] for i in range(len(self)))


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        first, *others = tensors
        for other in others:
            if len(other.data) != len(first.data):
                raise ValueError(f"{len(other.data)} rows beside {len(first.data)}")
        self.tensors = tensors

    def __len__(self):
        return len(self.tensors[0].data)

    def __getitem__(self, index):
        # NumPy counts negative indices from the end, and refuses what is out of range.
        return tuple(Tensor(t.data[int(index)]) for t in self.tensors)


class Epoch:
    """One pass over a dataset; several may be under way at a time."""

    def __init__(self, dataset, batch_size, order):
        self.dataset = dataset
        self.batch_size = batch_size
        self.order = order
        self.position = 0

    def __iter__(self):
        return self

    def __next__(self):
        chosen = self.order[self.position : self.position + self.batch_size]
        if not chosen:
            raise StopIteration
        self.position += len(chosen)
        arrays = None
        for row, index in enumerate(chosen):
            sample = [values_of(part) for part in self.dataset[index]]
            if arrays is None:
                arrays = [np.empty((len(chosen), *part.shape), np.float32) for part in sample]
            for array, part in zip(arrays, sample):
                array[row] = part
        return tuple(Tensor(array) for array in arrays)


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        if batch_size < 1:
            raise ValueError("batch_size must be positive")
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self):
        full, rest = divmod(len(self.dataset), self.batch_size)
        return full + (rest > 0)

    def __iter__(self):
        order = list(range(len(self.dataset)))
        if self.shuffle:
            random.shuffle(order)
        return Epoch(self.dataset, self.batch_size, order)


def values_of(thing):
    return thing.data if isinstance(thing, Tensor) else np.asarray(thing)


def like(image, values):
    return Tensor(values) if isinstance(image, Tensor) else values


class RandomHorizontalFlip:
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, image):
        if random.random() >= self.p:
            return image
        columns = np.arange(values_of(image).shape[-1])[::-1]
        return like(image, np.take(values_of(image), columns, axis=-1))


class RandomCrop:
    """Never pads: works out which part of the window shows the image, the rest stays zero."""

    def __init__(self, size, padding=4):
        self.height, self.width = (size, size) if isinstance(size, int) else size
        self.padding = padding

    def __call__(self, image):
        pixels = values_of(image)
        h, w = pixels.shape[-2:]
        top = random.randint(0, h + 2 * self.padding - self.height) - self.padding
        left = random.randint(0, w + 2 * self.padding - self.width) - self.padding
        window = np.zeros((*pixels.shape[:-2], self.height, self.width), dtype=pixels.dtype)
        rows = slice(max(top, 0), max(min(top + self.height, h), 0))
        columns = slice(max(left, 0), max(min(left + self.width, w), 0))
        seen = pixels[..., rows, columns]
        down, right = rows.start - top, columns.start - left
        window[..., down : down + seen.shape[-2], right : right + seen.shape[-1]] = seen
        return like(image, window)


class Compose:
    def __init__(self, transforms):
        self.transforms = list(transforms)

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image
