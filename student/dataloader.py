"""Module 08, dataloader: samples, batches and augmentation.

May use: modules 01 to 07; it needs only module 01.
Grade it: `nox -s check -- 08`
Start with: `Dataset`, then `TensorDataset`, then `DataLoader.__iter__` without shuffling.

For random choices use `numpy.random` or `random`, as module 03 says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from numpy.typing import NDArray

from .tensor import Tensor

Image = TypeVar("Image", Tensor, NDArray[Any])
"""An image as a Tensor or an ndarray; what goes in decides what comes out."""


class Dataset:
    """An abstract collection of samples: subclasses define `__len__` and `__getitem__`.

    Abstract means that Python refuses to create a Dataset, or a subclass that lacks one of the two
    methods, with a TypeError. The standard module `abc` does this for you, without an `__init__`:
    delete the one below once you use it.
    """

    def __init__(self) -> None:
        """Refuse, with a TypeError, unless the class defines both methods; see above."""
        raise NotImplementedError("Module 08: implement Dataset.__init__ in student/dataloader.py")

    def __len__(self) -> int:
        """Return the number of samples; abstract."""
        raise NotImplementedError("Module 08: implement Dataset.__len__ in student/dataloader.py")

    def __getitem__(self, index: int) -> Any:
        """Return one sample, a tuple such as (image, label); abstract."""
        raise NotImplementedError(
            "Module 08: implement Dataset.__getitem__ in student/dataloader.py"
        )


class TensorDataset(Dataset):
    """Samples that lie in Tensors already, along their first axis."""

    def __init__(self, *tensors: Tensor) -> None:
        """Keep the tensors: `TensorDataset(images, labels)`.

        Raises:
            ValueError: their first sizes differ.
        """
        raise NotImplementedError(
            "Module 08: implement TensorDataset.__init__ in student/dataloader.py"
        )

    def __len__(self) -> int:
        """Return the number of samples, the first size of the tensors."""
        raise NotImplementedError(
            "Module 08: implement TensorDataset.__len__ in student/dataloader.py"
        )

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        """Return row `index` of every tensor, each as a Tensor without the first axis.

        Raises:
            IndexError: there is no such row, that is from index = len(self) on. Counting from the
                end with a negative index is up to you, but below -len(self) there is nothing.

        Example: for images (100, 3, 8, 8) and labels (100,), sample 5 has the shapes (3, 8, 8), ().
        """
        raise NotImplementedError(
            "Module 08: implement TensorDataset.__getitem__ in student/dataloader.py"
        )


class DataLoader:
    """Goes through a dataset batch by batch: `for images, labels in DataLoader(dataset, 32):`."""

    def __init__(self, dataset: Dataset, batch_size: int, shuffle: bool = False) -> None:
        """Keep the settings.

        Args:
            dataset: any Dataset: use only its `len()` and its `[index]`.
            batch_size: how many samples make a batch, at least 1.
            shuffle: False goes from index 0 upwards, True in a random order.
        """
        raise NotImplementedError(
            "Module 08: implement DataLoader.__init__ in student/dataloader.py"
        )

    def __len__(self) -> int:
        """Return the number of batches, n / batch_size rounded up: 10 samples by 4 make 3."""
        raise NotImplementedError(
            "Module 08: implement DataLoader.__len__ in student/dataloader.py"
        )

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        """Return a new iterator over one epoch of batches.

        Each batch is a tuple with one Tensor per part of a sample; its rows are the samples stacked
        along a new first axis. Parts may be Tensors, ndarrays or numbers. The last batch is kept
        even if it is short: 10 samples by 4 come as 4, 4 and 2.

        Each sample comes exactly once per epoch. With shuffling every call draws a new order, and
        the rows of all parts stay paired: an image keeps its label. Two iterators in use at the
        same time do not disturb each other, so keep the position in the iterator, not on self.
        """
        raise NotImplementedError(
            "Module 08: implement DataLoader.__iter__ in student/dataloader.py"
        )


class RandomHorizontalFlip:
    """Mirrors an image left to right, sometimes (Krizhevsky et al. 2012)."""

    def __init__(self, p: float = 0.5) -> None:
        """Store the probability of a flip: 0 never flips, 1 always."""
        raise NotImplementedError(
            "Module 08: implement RandomHorizontalFlip.__init__ in student/dataloader.py"
        )

    def __call__(self, image: Image) -> Image:
        """Return the image with its columns (the last axis) reversed, with probability p.

        Args:
            image: shape (C, H, W) or (H, W), a Tensor or an ndarray; the result is of the same kind
                and shape, and the input is not modified.

        The choice is made once per call, for all channels and rows together.

        Example: [[1, 2, 3]] becomes [[3, 2, 1]].
        """
        raise NotImplementedError(
            "Module 08: implement RandomHorizontalFlip.__call__ in student/dataloader.py"
        )


class RandomCrop:
    """Cuts a window out of the padded image at a random place (He et al. 2016, section 4.2)."""

    def __init__(self, size: int | tuple[int, int], padding: int = 4) -> None:
        """Store the size of the window, (height, width) or one number for both, and the padding."""
        raise NotImplementedError(
            "Module 08: implement RandomCrop.__init__ in student/dataloader.py"
        )

    def __call__(self, image: Image) -> Image:
        """Return a random window of the image.

        Args:
            image: shape (C, H, W) or (H, W), a Tensor or an ndarray; the result is of the same
                kind, and the input is not modified.

        Returns:
            shape (C, height, width) or (height, width).

        Add `padding` zeros on all four sides of the last two axes, then choose the window's top row
        and left column evenly among all places where it fits, edges included: with H rows there are
        H + 2 * padding - height + 1 of them. All channels get the same window.

        Example: size 32 and padding 4 shift a 32 x 32 image by up to 4 pixels each way. With
        padding 0 and the image's own size, nothing changes.
        """
        raise NotImplementedError(
            "Module 08: implement RandomCrop.__call__ in student/dataloader.py"
        )


class Compose:
    """Several transforms as one: `Compose([RandomHorizontalFlip(), RandomCrop(32)])`."""

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        """Keep the transforms, in order."""
        raise NotImplementedError("Module 08: implement Compose.__init__ in student/dataloader.py")

    def __call__(self, image: Image) -> Image:
        """Return the image after all transforms, the first in the list applied first."""
        raise NotImplementedError("Module 08: implement Compose.__call__ in student/dataloader.py")
