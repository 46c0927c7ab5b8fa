"""Module 08: datasets, batches and image transforms."""

import random
from abc import ABC, abstractmethod

import numpy as np

from .tensor import Tensor, as_array


class Dataset(ABC):
    @abstractmethod
    def __len__(self):
        """Number of samples."""

    @abstractmethod
    def __getitem__(self, index):
        """One sample."""


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        self.arrays = [as_array(tensor) for tensor in tensors]
        if len({len(array) for array in self.arrays}) != 1:
            raise ValueError("all tensors must have the same number of samples")

    def __len__(self):
        return len(self.arrays[0])

    def __getitem__(self, index):
        if not -len(self) <= index < len(self):
            raise IndexError(f"no sample {index} among {len(self)}")
        return tuple(Tensor(array[index]) for array in self.arrays)


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self):
        full, rest = divmod(len(self.dataset), self.batch_size)
        return full + 1 if rest else full

    def __iter__(self):
        order = list(range(len(self.dataset)))
        if self.shuffle:
            random.shuffle(order)
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield stack([self.dataset[index] for index in chosen])


def stack(samples):
    """A list of tuples becomes a tuple of Tensors."""
    columns = []
    for position in range(len(samples[0])):
        columns.append(Tensor([as_array(sample[position]) for sample in samples]))
    return tuple(columns)


def like(original, array):
    """Give a Tensor back for a Tensor and an array for an array."""
    return Tensor(array) if isinstance(original, Tensor) else array


def pixels(image):
    return image.data if isinstance(image, Tensor) else np.asarray(image)


class RandomHorizontalFlip:
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, image):
        array = pixels(image).copy()
        if random.random() < self.p:
            array = array[..., ::-1].copy()
        return like(image, array)


class RandomCrop:
    def __init__(self, size, padding=4):
        self.size = (size, size) if isinstance(size, int) else tuple(size)
        self.padding = padding

    def __call__(self, image):
        array = pixels(image)
        height, width = self.size
        border = [(0, 0)] * (array.ndim - 2) + [(self.padding, self.padding)] * 2
        padded = np.pad(array, border)
        top = random.randint(0, padded.shape[-2] - height)
        left = random.randint(0, padded.shape[-1] - width)
        return like(image, padded[..., top : top + height, left : left + width].copy())


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image
