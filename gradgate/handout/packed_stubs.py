"""The stubs that lie in a wheel, read as data: the wheel may be anybody's."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from gradgate.course.find import BUILT_IN

MOST_FILES = 1000
MOST_BYTES = 1 << 20  # of one stub


def list_changed_stubs(old: Path, new: Path, stubs: Path) -> list[str]:
    """Return the files in the folder `stubs` that two wheels hold in another form, or only one.

    Raises ValueError for a wheel that cannot be read.
    """
    before, after = read_stubs(old, stubs), read_stubs(new, stubs)
    names = sorted(before.keys() | after.keys())
    return [f"{stubs.as_posix()}/{n}" for n in names if before.get(n) != after.get(n)]


def read_stubs(wheel: Path, stubs: Path) -> dict[str, bytes]:
    """Return what each Python file of the stubs in a wheel holds, by its path in their folder.

    Raises ValueError for a wheel that cannot be read, or that holds more than stubs need.
    """
    prefix = f"gradgate/{BUILT_IN}/{stubs.as_posix()}/"
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [
                member
                for member in archive.infolist()
                if member.filename.startswith(prefix) and member.filename.endswith(".py")
            ]
            if len(members) > MOST_FILES:
                raise ValueError(f"{wheel} holds {len(members)} stubs")
            return {m.filename.removeprefix(prefix): _read(archive, m) for m in members}
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"{wheel} cannot be read ({error})") from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{member.filename} is larger than {MOST_BYTES >> 20} MiB")
    return content
