"""TinyDigits: 8×8 images of handwritten digits, shipped with the course.

Where they come from and how they were split: `data/tinydigits/README.md`.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..milestone_errors import DataError
from .places import COURSE

FILE = COURSE / "data" / "tinydigits" / "tinydigits.npz"
SHA256 = "18b3c26698a1b53e4c3e80e927ca9ec4db4973e9cd5a47cf88b57e244796c6a9"
BRIGHTEST = 16  # the file counts the inked pixels of 4×4 blocks


@dataclass(frozen=True, eq=False, kw_only=True)
class TinyDigits:
    """1,797 digits in a fixed split: 100 of each class to train on, the other 797 to test.

    Images are float32 of shape (N, 1, 8, 8), from 0 (paper) to 1 (ink); labels are int64 of
    shape (N,), the digit shown: 0 to 9.
    """

    train_images: NDArray[np.float32]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.float32]
    test_labels: NDArray[np.int64]


def load(file: Path = FILE) -> TinyDigits:
    """Load the digits; raises DataError unless the file is, to the byte, the one shipped."""
    # The checksum comes first, so what is parsed is known to be well formed.
    with np.load(io.BytesIO(_read_verified(file)), allow_pickle=False) as arrays:
        return TinyDigits(
            train_images=_to_images(arrays["train_images"]),
            train_labels=arrays["train_labels"].astype(np.int64),
            test_images=_to_images(arrays["test_images"]),
            test_labels=arrays["test_labels"].astype(np.int64),
        )


def _to_images(counts: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.divide(counts, BRIGHTEST, dtype=np.float32)


def _read_verified(file: Path) -> bytes:
    """Return the file's bytes; raises DataError where they are not the ones expected."""
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise _make_error(file, "is missing") from error
    except OSError as error:
        raise _make_error(file, f"cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise _make_error(file, "is not the one the course ships (its SHA-256 differs)")
    return content


def _make_error(file: Path, reason: str) -> DataError:
    repair = f'git -C "{COURSE}" checkout -- {FILE.relative_to(COURSE).as_posix()}'
    return DataError(f"{file} {reason}; restore it with: {repair}")
