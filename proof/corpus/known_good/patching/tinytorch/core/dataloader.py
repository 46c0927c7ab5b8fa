"""Module 08: datasets, loader and augmentation."""

from abc import ABC, abstractmethod

import numpy as np

from tinytorch.core.tensor import Tensor

__all__ = ["Dataset", "TensorDataset", "DataLoader", "RandomHorizontalFlip"]
__all__ += ["RandomCrop", "Compose"]


class Dataset(ABC):
    @abstractmethod
    def __len__(self):
        pass

    @abstractmethod
    def __getitem__(self, idx):
        pass


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        if not tensors:
            raise ValueError("TensorDataset needs at least one tensor")
        sizes = [tensor.shape[0] for tensor in tensors]
        if min(sizes) != max(sizes):
            raise ValueError(f"first dimensions differ: {sizes}")
        self.tensors = tensors

    def __len__(self):
        return self.tensors[0].shape[0]

    def __getitem__(self, idx):
        if idx < 0 or idx >= len(self):
            raise IndexError(f"index {idx} is outside a dataset of {len(self)}")
        return tuple(Tensor(tensor.data[idx]) for tensor in self.tensors)


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False):
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self):
        return (len(self.dataset) + self.batch_size - 1) // self.batch_size

    def __iter__(self):
        indices = np.arange(len(self.dataset))
        if self.shuffle:
            indices = np.random.permutation(indices)
        for start in range(0, len(indices), self.batch_size):
            batch = [self.dataset[int(i)] for i in indices[start : start + self.batch_size]]
            yield self._collate(batch)

    def _collate(self, batch):
        columns = zip(*batch)
        return tuple(Tensor(np.stack([_data(item) for item in column])) for column in columns)


def _data(item):
    return item.data if isinstance(item, Tensor) else np.asarray(item)


def _same_kind(result, x):
    return Tensor(result) if isinstance(x, Tensor) else result


class RandomHorizontalFlip:
    def __init__(self, p=0.5):
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"p must lie in [0, 1], got {p}")
        self.p = p

    def __call__(self, x):
        if np.random.random() < self.p:
            return _same_kind(np.flip(_data(x), axis=-1), x)
        return x


class RandomCrop:
    """Pad the last two axes with zeros, then cut a window out at random."""

    def __init__(self, size, padding=4):
        self.size = (size, size) if isinstance(size, int) else size
        self.padding = padding

    def __call__(self, x):
        data = _data(x)
        around = (self.padding, self.padding)
        widths = [(0, 0)] * (data.ndim - 2) + [around, around]
        padded = np.pad(data, widths, mode="constant")
        (height, width), (rows, columns) = padded.shape[-2:], self.size
        top = np.random.randint(0, height - rows + 1)
        left = np.random.randint(0, width - columns + 1)
        return _same_kind(padded[..., top : top + rows, left : left + columns], x)


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, x):
        for transform in self.transforms:
            x = transform(x)
        return x
