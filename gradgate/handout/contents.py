"""Everything that a folder holds: its files, what is in their archives, and its git objects."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import json
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from gradgate.handout.git_objects import is_git_folder, read_git_objects

MAX_SIZE = 256 << 20  # bytes of one file, or of one member of an archive
MAX_TOTAL = 4 << 30  # bytes of all members: an archive of 10 MB can unpack to far more
MAX_DEPTH = 4  # archives in archives; a wheel in a zip in a git object is 2

BYTE_ORDER_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
COMPRESSIONS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
ZIP_STARTS = (b"PK", b"#!")  # a program can be a zip; a git pack can have one's end in it
UNREADABLE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,  # a zip with a password, or of an unknown compression
    ValueError,
)


@dataclass(frozen=True)
class Content:
    """Some bytes and where they are; `problem` says why they could not be read."""

    place: str
    data: bytes = b""
    problem: str = ""


class _Opened(Protocol):
    """An opened member of an archive."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


@dataclass
class _Budget:
    """How many bytes may still be unpacked."""

    left: int


def read_contents(folder: Path) -> Iterator[Content]:
    """Yield all files below a folder, the members of archives and git objects; follow no link.

    What is there more than once, as a file and as a git object, is yielded once.
    """
    budget = _Budget(MAX_TOTAL)
    seen: set[bytes] = set()
    for content in _read_files(folder):
        digest = hashlib.sha256(content.data).digest()
        if content.problem or digest not in seen:
            seen.add(digest)
            yield content
            yield from _unpack(content, budget)


def decode(data: bytes) -> str:
    """Return bytes as text, whatever their encoding: UTF-8, UTF-16, UTF-32 or Latin-1."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    ascii_in_utf16 = data.replace(b"\0", b"")  # without a mark, ASCII stands between null bytes
    try:
        return ascii_in_utf16.decode()
    except UnicodeDecodeError:
        return ascii_in_utf16.decode("latin-1")


def list_texts(data: bytes) -> Iterator[str]:
    """Yield the text that bytes hold and, if they are JSON, such as a notebook, each text in it."""
    text = decode(data)
    yield text
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from _list_strings(json.loads(text))
        except (ValueError, RecursionError):
            return


def _list_strings(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value; a notebook holds a cell as a list of its lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        yield "".join(value)
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _list_strings(part)


def _read_files(folder: Path) -> Iterator[Content]:
    """Yield the files below a folder, and the git objects of every git folder in it."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders.sort(key=lambda name: (name == ".git", name))  # a file is named before its object
        if is_git_folder(here):
            for name, data, problem in read_git_objects(here, MAX_SIZE):
                yield Content(f"{name} in {_name_place(here, folder)}", data, problem)
        for name in sorted(names):
            file = here / name
            if file.is_file() and not file.is_symlink():
                yield _read_file(file, _name_place(file, folder))


def _name_place(path: Path, folder: Path) -> str:
    """Return how a place in the folder is called."""
    return path.relative_to(folder).as_posix()


def _read_file(file: Path, place: str) -> Content:
    try:
        if file.stat().st_size > MAX_SIZE:
            return Content(place, problem=f"is larger than {MAX_SIZE >> 20} MiB")
        return Content(place, file.read_bytes())
    except OSError as error:
        return Content(place, problem=f"cannot be read ({error.strerror})")


def _unpack(archive: Content, budget: _Budget, depth: int = 1) -> Iterator[Content]:
    """Yield what an archive holds, and what the archives in it hold; nothing of other files."""
    try:
        for name, member in _open_members(archive.data):
            if depth > MAX_DEPTH:
                yield Content(archive.place, problem=f"is {depth} archives deep")
                return
            content = _read_member(f"{name} in {archive.place}", member, budget)
            yield content
            yield from _unpack(content, budget, depth + 1)
    except UNREADABLE as error:
        yield Content(archive.place, problem=f"is an archive that cannot be unpacked ({error})")


def _read_member(place: str, member: _Opened, budget: _Budget) -> Content:
    """Unpack a member, but not more of it than there may be."""
    limit = min(MAX_SIZE, budget.left)
    with closing(member):
        data = member.read(limit + 1)
    if len(data) > limit:
        return Content(place, problem="is too large when it is unpacked")
    budget.left -= len(data)
    return Content(place, data)


def _open_members(data: bytes) -> Iterator[tuple[str, _Opened]]:
    """Yield the names of an archive's files, and the opened files."""
    for magic, open_compressed in COMPRESSIONS:
        if data.startswith(magic):
            yield "the unpacked file", open_compressed(BytesIO(data))
            return
    if data.startswith(ZIP_STARTS) and zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, archive.open(entry)
    elif tarfile.is_tarfile(BytesIO(data)):
        with tarfile.open(fileobj=BytesIO(data)) as tar:
            for part in tar:
                opened = tar.extractfile(part) if part.isfile() else None
                if opened:
                    yield part.name, opened
