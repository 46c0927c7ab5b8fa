"""CIFAR-10 (Krizhevsky 2009): 60,000 colour photographs, 32×32 pixels, in ten classes.

Read from the official archive `cifar-10-python.tar.gz` or its unpacked folder
`cifar-10-batches-py`. The archive's checksum is verified when it is fetched; here every form,
dtype, shape and label is, so that a copy made otherwise can be used too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gradgate.text import spell_command

from ..milestone_errors import DataError
from . import batch
from .archive import read_members
from .batch import Unusable
from .places import find_working_folder

VARIABLE = "GRADGATE_DATA_DIR"
ARCHIVE = "cifar-10-python.tar.gz"
FOLDER = "cifar-10-batches-py"
TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
BATCHES = (*TRAIN_BATCHES, "test_batch")
PER_BATCH = 10_000
CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cifar10:
    """50,000 images to train on and 10,000 to test.

    Images are uint8 of shape (N, 3, 32, 32): red, green and blue planes, 0 (dark) to 255, rows
    from the top; labels are int64 of shape (N,), positions in CLASSES.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]


def load(data_dir: Path | None = None, *, per_batch: int = PER_BATCH) -> Cifar10:
    """Load CIFAR-10 from where `locate` says; raises DataError if it is missing or damaged."""
    place = locate(data_dir)
    try:
        return _load_from(place, per_batch)
    except Unusable as error:
        raise DataError(f"{error}; fetch CIFAR-10 with: {make_fetch_command(place)}") from error


def locate(data_dir: Path | None = None) -> Path:
    """Return where CIFAR-10 is: the argument, else GRADGATE_DATA_DIR, else `data/cifar10`.

    The last is below the project's folder, or below the current one outside of it.

    A place is a folder that holds the archive or the unpacked folder, the unpacked folder itself,
    or an archive. Where there is an archive, it is what counts.
    """
    return Path(data_dir or os.environ.get(VARIABLE) or find_default_place()).resolve()


def find_default_place() -> Path:
    """Return where CIFAR-10 is, and is fetched to, unless somebody says otherwise."""
    return find_working_folder() / "data" / "cifar10"


def locate_archive(place: Path) -> Path:
    """Return where the archive belongs that is looked for in a place."""
    return place if place.name.endswith(".tar.gz") else place / ARCHIVE


def make_fetch_command(place: Path) -> str:
    """Return the command that fetches the archive to a place."""
    where = "" if place == find_default_place() else f' --data-dir "{place}"'
    return f"{spell_command('data')} cifar10{where}"


def _load_from(place: Path, per_batch: int) -> Cifar10:
    rows = np.empty((len(BATCHES) * per_batch, batch.PIXELS), np.uint8)
    labels = np.empty(len(rows), np.int64)
    for name, source, content in _read_batches(place, batch.compute_size_limit(per_batch)):
        start = BATCHES.index(name) * per_batch
        part = slice(start, start + per_batch)
        try:
            rows[part], labels[part] = batch.read(content, per_batch)
        except Unusable as error:
            raise Unusable(f"{source} {error}") from error
    images = rows.reshape(-1, 3, 32, 32)
    train = len(TRAIN_BATCHES) * per_batch
    return Cifar10(
        train_images=images[:train],
        train_labels=labels[:train],
        test_images=images[train:],
        test_labels=labels[train:],
    )


def _read_batches(place: Path, limit: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name of each batch, where it is (for people) and its bytes."""
    archive = locate_archive(place)
    if archive.is_file():
        try:
            for name, content in read_members(archive, FOLDER, BATCHES, limit):
                yield name, f"{FOLDER}/{name} in {archive}", content
        except Unusable as error:
            raise Unusable(f"{archive} {error}") from error
    else:
        folder = _locate_folder(place)
        for name in BATCHES:
            yield name, str(folder / name), _read(folder / name, limit)


def _locate_folder(place: Path) -> Path:
    for folder in (place / FOLDER, place):
        if any((folder / name).is_file() for name in BATCHES):
            return folder
    raise Unusable(f"CIFAR-10 is not in {place} (neither {ARCHIVE} nor {FOLDER})")


def _read(file: Path, limit: int) -> bytes:
    if not file.is_file():
        raise Unusable(f"{file} is missing")
    try:
        with file.open("rb") as opened:
            content = opened.read(limit + 1)
    except OSError as error:
        raise Unusable(f"{file} cannot be read ({error.strerror})") from error
    if len(content) > limit:
        raise Unusable(f"{file} is larger than {limit} bytes")
    return content
