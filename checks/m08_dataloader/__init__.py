"""Checks of module 08: data sets, loaders, transforms."""

from . import datasets, loader, transforms

NAMES = ("Dataset", "TensorDataset", "DataLoader", "RandomHorizontalFlip", "RandomCrop", "Compose")
PARTS = (datasets, loader, transforms)
