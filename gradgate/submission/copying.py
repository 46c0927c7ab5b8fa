"""The private copy of a submission that is graded, and a digest of what is in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from gradgate.errors import UsageError
from gradgate.limits import Limits
from gradgate.submission.layout import Submission


def copy_submission(submission: Submission, into: Path, limits: Limits) -> None:
    """Copy the submission's Python files, so that grading neither sees nor touches anything else.

    Links are left out: they may lead anywhere. Raises UsageError for a file that cannot be read,
    and for more than there is room for.
    """
    into.mkdir(parents=True, exist_ok=True)
    room = limits.submission_bytes
    for name, file in _list_files(submission):
        room -= file.stat().st_size
        if room < 0:
            most = limits.submission_mib
            raise UsageError(f"{file}: with it the submission has more than {most} MiB of source")
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_read(file))


def hash_submission(submission: Submission) -> str:
    """Return a digest of all that is copied, and of where its modules are."""
    total = hashlib.sha256(repr(sorted(submission.layout.items())).encode())
    for name, file in sorted(_list_files(submission)):
        content = hashlib.sha256(_read(file))
        total.update(os.fsencode(f"{name.as_posix()} {content.hexdigest()}\n"))
    return total.hexdigest()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def _list_files(submission: Submission) -> Iterator[tuple[Path, Path]]:
    """Yield every file that is graded: its path in the copy, and where it is."""
    for top, source in submission.sources.items():
        for file in _find_python_files(source):
            yield (
                (Path(top) / file.relative_to(source) if source.is_dir() else Path(file.name)),
                file,
            )


def _find_python_files(source: Path) -> Iterator[Path]:
    if source.is_symlink():
        return
    walk = os.walk(source, followlinks=False)
    inside = [Path(folder, name) for folder, _, names in walk for name in sorted(names)]
    for file in inside or [source.with_suffix(".py")]:
        if file.suffix == ".py" and file.is_file() and not file.is_symlink():
            yield file
