"""The objects of a git repository: of every commit, and those that no commit reaches any more."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

GIT = (
    *("git", "--no-replace-objects", "cat-file"),
    *("--batch-all-objects", "--unordered", "--batch"),
)
FOLDER_MODE = b"40000"


def is_git_folder(folder: Path) -> bool:
    """Tell whether a folder is git's own, such as `.git`."""
    return (folder / "objects").is_dir() and (folder / "HEAD").is_file()


def read_git_objects(folder: Path, max_size: int) -> Iterator[tuple[str, bytes, str]]:
    """Yield the name of each object, its bytes, and what kept it from being read, if anything did.

    A file is named by its path too where a folder that git holds names it.
    """
    try:
        paths = _find_paths(folder)
        for digest, kind, data in _read_batch(folder, max_size):
            path = f" ({paths[digest]})" if digest in paths else ""
            problem = "" if data is not None else f"is larger than {max_size >> 20} MiB"
            if kind != "tree":  # which holds names only
                yield f"git {kind} {digest[:12]}{path}", data or b"", problem
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        yield "git objects", b"", f"cannot be read ({error}); run `git fsck` there"


def _find_paths(folder: Path) -> dict[str, str]:
    """Return the path of each file and folder that a tree names, by its digest."""
    parents: dict[str, tuple[str, str]] = {}
    for digest, kind, data in _read_batch(folder, max_size=16 << 20):
        if kind == "tree" and data is not None:
            for name, child in _list_entries(data, len(digest) // 2):
                parents[child] = digest, name
    return {digest: _spell_path(digest, parents) for digest in parents}


def _spell_path(digest: str, parents: dict[str, tuple[str, str]]) -> str:
    """Return a path; digests of trees form no circle."""
    names = []
    while digest in parents:
        digest, name = parents[digest]
        names.append(name)
    return "/".join(reversed(names))


def _list_entries(tree: bytes, digest_size: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the digest of each entry of a tree."""
    while tree:
        head, _, rest = tree.partition(b"\0")
        name = head.partition(b" ")[2].decode(errors="replace")
        yield name, rest[:digest_size].hex()
        tree = rest[digest_size:]


def _read_batch(folder: Path, max_size: int) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield the digest, the kind and the bytes of every object; no bytes of one that is too large.

    Raises CalledProcessError where git fails, and OSError where it is not installed.
    """
    # Variables such as GIT_DIR, which a git hook sets, would point git elsewhere.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    command = [GIT[0], "--git-dir", str(folder), *GIT[1:]]
    with subprocess.Popen(
        command,
        env={**kept, "GIT_NO_LAZY_FETCH": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        while header := process.stdout.readline():
            digest, kind, size = header.decode().split()
            yield digest, kind, _read_object(process.stdout, int(size), max_size)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "git cat-file")


def _read_object(stream: IO[bytes], size: int, max_size: int) -> bytes | None:
    """Read an object and the newline after it; return None if it is too large to keep."""
    if size <= max_size:
        return stream.read(size + 1)[:-1]
    for start in range(0, size + 1, max_size):
        stream.read(min(max_size, size + 1 - start))
    return None
