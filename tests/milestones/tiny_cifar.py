"""A CIFAR-10 of two images a batch: as arrays, as pickles, as a folder and as an archive."""

from __future__ import annotations

import gzip
import io
import pickle
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from milestones.data.cifar10 import ARCHIVE, BATCHES, FOLDER

IMAGES = 2
ROWS = (np.arange(IMAGES * 3072).reshape(IMAGES, 3072) % 251).astype(np.uint8)
LABELS = [3, 7]


def rows_of(number: int) -> NDArray[np.uint8]:
    """The images of the batch in that place, each batch's different."""
    return ROWS + np.uint8(number)


def record(number: int = 0, **changes: object) -> dict[str, object]:
    """What a batch holds; changes replace entries."""
    names = [f"picture_{number}_{i}.png" for i in range(IMAGES)]
    plain = {"batch_label": "a batch", "labels": LABELS, "data": rows_of(number)}
    return {**plain, "filenames": names, **changes}


def pickled(number: int = 0, protocol: int = 4, **changes: object) -> bytes:
    """A batch, pickled by this Python and NumPy."""
    return pickle.dumps(record(number, **changes), protocol)


def python_2_pickle() -> bytes:
    """What Python 2.7 with NumPy 1.16 writes for the first batch, opcode by opcode."""
    head = (
        b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\n"
        b"q\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x02M\x00\x0c\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01"
        b"\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x18\x00\x00"
    )
    tail = (
        b"tbU\x06labelsq\x08]q\t(K\x03K\x07eU\x0bbatch_labelq\nU\x15training batch 1 of 5q\x0b"
        b"U\tfilenamesq\x0c]q\r(U\x07a_0.pngq\x0eU\x07b_1.pngq\x0feu."
    )
    return head + ROWS.tobytes() + tail


def batches(**changes: bytes) -> dict[str, bytes]:
    """All six batch files by name; changes replace some."""
    return {**{name: pickled(i) for i, name in enumerate(BATCHES)}, **changes}


def write_folder(place: Path, files: Mapping[str, bytes]) -> Path:
    """Write an unpacked folder into a place; returns the folder."""
    folder = place / FOLDER
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def plain(name: str, content: bytes = b"", **attributes: Any) -> tuple[tarfile.TarInfo, bytes]:
    """A member of an archive; attributes replace those of a plain file."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for attribute, value in attributes.items():
        setattr(member, attribute, value)
    return member, content


def archived(
    files: Mapping[str, bytes], *others: tuple[tarfile.TarInfo, bytes], prefix: str = FOLDER
) -> bytes:
    """The bytes of an archive of batch files, laid out as the official one, and other members."""
    own = [plain(f"{prefix}/{name}", content) for name, content in files.items()]
    unpacked = io.BytesIO()
    with tarfile.open(fileobj=unpacked, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member, content in [plain(prefix, type=tarfile.DIRTYPE), *others, *own]:
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(unpacked.getvalue(), mtime=0)


def write_archive(place: Path, content: bytes) -> Path:
    """Write an archive into a place; returns the file."""
    place.mkdir(parents=True, exist_ok=True)
    (place / ARCHIVE).write_bytes(content)
    return place / ARCHIVE
