"""Make tinydigits.npz from scikit-learn's copy of the UCI digits.

usage: python data/tinydigits/make_tinydigits.py      (needs numpy and scikit-learn)

The split follows from the images alone: they are put in the order of the SHA-256 of their pixels,
and the first 100 of each digit are for training. No random generator is involved, so every version
of Python, NumPy and scikit-learn makes the same file, to the byte.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

FILE = Path(__file__).with_name("tinydigits.npz")
TRAIN_PER_DIGIT = 100


def main() -> None:
    """Write the file and print the checksum that milestones/data/tinydigits.py verifies."""
    digits = load_digits()
    pixels = digits.data.astype(np.uint8).reshape(-1, 1, 8, 8)
    labels = digits.target.astype(np.uint8)
    order = np.array(sorted(range(len(pixels)), key=lambda i: _digest(pixels[i])))
    for_training = _first_of_each(labels[order], TRAIN_PER_DIGIT)
    train, test = order[for_training], order[~for_training]
    _write("train", pixels[train], labels[train], "w")
    _write("test", pixels[test], labels[test], "a")
    print(f"{FILE}: {len(train)} + {len(test)} images, {FILE.stat().st_size} bytes")
    print(f"SHA-256 {hashlib.sha256(FILE.read_bytes()).hexdigest()}")


def _write(
    split: str, images: NDArray[np.uint8], labels: NDArray[np.uint8], mode: Literal["w", "a"]
) -> None:
    """Write a split's arrays as np.savez does, but the same way by every version."""
    with zipfile.ZipFile(FILE, mode) as archive:
        for name, array in ((f"{split}_images", images), (f"{split}_labels", labels)):
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, stored without compression
            entry.create_system = 3
            content = io.BytesIO()
            np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, content.getvalue())


def _digest(image: NDArray[np.uint8]) -> bytes:
    return hashlib.sha256(image.tobytes()).digest()


def _first_of_each(labels: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    """Return a mask of the first `count` places of each label."""
    mask = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        mask[np.flatnonzero(labels == label)[:count]] = True
    return mask


if __name__ == "__main__":
    main()
