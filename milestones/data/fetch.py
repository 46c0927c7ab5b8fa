"""Fetching CIFAR-10: the official archive is there as a whole, its checksum verified, or not."""

from __future__ import annotations

import itertools
import sys
from functools import partial
from pathlib import Path

from ..milestone_errors import DataError

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"  # 170,498,071 bytes


def fetch(archive: Path, url: str = URL, sha256: str = SHA256) -> str:
    """Put the official archive in place and say what was done; raises DataError where it cannot.

    Nothing appears under the archive's name before its checksum is verified. Another file of that
    name is kept beside it under a new one.
    """
    try:
        import pooch

        if archive.is_file() and pooch.file_hash(str(archive), alg="sha256") == sha256:
            return f"{archive} is there already, checksum verified"
        fetched = _retrieve(archive, url, sha256)
        aside = _set_aside(archive)
        fetched.replace(archive)
    except ImportError as error:
        command = "python -m pip install pooch requests"
        raise DataError(f"{error.name} is not installed; run: {command}") from error
    except OSError as error:
        reason = error.strerror or "permission denied"  # pooch's own error has no such text
        raise DataError(f"{archive} cannot be written ({reason})") from error
    kept = f"; the file that was there is now {aside.name}" if aside else ""
    return f"{archive} fetched, checksum verified{kept}"


def _retrieve(archive: Path, url: str, sha256: str) -> Path:
    """Download the archive beside its place; what has come is kept for the next try."""
    import pooch

    from .download import download

    print(f"fetching {url}", file=sys.stderr)
    pooch.get_logger().setLevel("WARNING")
    unfinished = archive.with_name(f"{archive.name}.unfinished")
    try:
        retrieved = pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}",
            fname=f"{archive.name}.verified",
            path=archive.parent,
            downloader=partial(download, unfinished),
        )
    except ValueError as error:
        raise DataError(f"what {url} sent has the wrong checksum; run the command again") from error
    return Path(retrieved)


def _set_aside(archive: Path) -> Path | None:
    """Rename what has the archive's name; returns its new name."""
    if not archive.exists():
        return None
    names = (archive.with_name(f"{archive.name}.old-{number}") for number in itertools.count(1))
    return archive.rename(next(name for name in names if not name.exists()))
