"""Reading some files out of a `.tar.gz` in memory: nothing is unpacked to disk."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from .batch import Unusable

MOST_MEMBERS = 32
CHUNK = 1 << 16
# What gzip and tarfile raise over bytes that are not theirs; long chains of headers recurse.
DAMAGE = (
    *(tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, ValueError, RecursionError),
)


def read_members(
    file: Path, folder: str, names: Sequence[str], limit: int
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each wanted file of a folder, in the archive's order.

    Raises Unusable where one is missing, comes twice, is larger than `limit` or not a plain file,
    and for an archive that holds links, devices or anything outside the folder.
    """
    try:
        with _Bounded(file, limit * len(names)) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                yield from _read_wanted(archive, folder, names, limit)
            while stream.read(CHUNK):  # to the end, where gzip's own checksum stands
                pass
    except DAMAGE as error:
        raise Unusable("is truncated or damaged") from error
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from error


def _read_wanted(
    archive: tarfile.TarFile, folder: str, names: Sequence[str], limit: int
) -> Iterator[tuple[str, bytes]]:
    missing = {f"{folder}/{name}": name for name in names}
    for count, member in enumerate(archive):
        if count >= MOST_MEMBERS:
            raise Unusable(f"holds more than {MOST_MEMBERS} members")
        _require_plain(member, folder, limit)
        if member.isdir():
            continue
        path = PurePosixPath(member.name)  # without `./` before it
        if str(path) in missing:
            yield missing.pop(str(path)), _read_content(archive, member)
        elif path.name in names:
            raise Unusable(f"holds {member.name!a:.80} twice or in the wrong place")
    if missing:
        raise Unusable(f"lacks {', '.join(missing)}")


def _require_plain(member: tarfile.TarInfo, folder: str, limit: int) -> None:
    parts = PurePosixPath(member.name).parts
    if parts[:1] != (folder,) or ".." in parts:
        raise Unusable(f"holds {member.name!a:.80}, which is not in {folder}")
    if not (member.isdir() or member.isreg()) or member.issparse():
        raise Unusable(f"holds {member.name!a:.80}, which is not a plain file")
    if member.size > limit:
        raise Unusable(f"holds {member.name!a:.80}, which is larger than {limit} bytes")


def _read_content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    assert opened is not None  # a plain file
    with opened:
        return opened.read()


class _Bounded(gzip.GzipFile):
    """An unpacked stream that raises Unusable when more than `limit` bytes come out of it."""

    def __init__(self, file: Path, limit: int) -> None:
        super().__init__(file)
        self._allowed = limit

    def read(self, size: int | None = CHUNK) -> bytes:
        """Return the next bytes, at most `size`."""
        content = super().read(size)
        self._allowed -= len(content)
        if self._allowed < 0:
            raise Unusable("unpacks to more than CIFAR-10 is")
        return content
