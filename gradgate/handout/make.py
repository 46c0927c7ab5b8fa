"""Making a handout: built apart, proven, then put in its place."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from gradgate.course import Course
from gradgate.errors import HarnessError, UsageError
from gradgate.handout.build import build_handout, open_workshop
from gradgate.handout.kept_wheels import keep_wheel
from gradgate.handout.prove import Say
from gradgate.handout.replace import replace_parts
from gradgate.handout.repository import require_git
from gradgate.handout.sources import require_sources


def make_handout(
    course: Course, target: Path, *, uses: str, wheelhouse: bool, archive: Path | None, say: Say
) -> None:
    """Make a handout in the folder `target`, which must be empty or not exist.

    With `archive`, write the same files to that zip file too. Raises GradgateError, and leaves
    nothing behind, where it cannot be made or the proof fails.
    """
    require_sources(course)
    require_git()
    target = target.resolve()  # moves are on one disk
    _require_empty(target)
    if archive:
        _require_new(archive)
    with open_workshop(target.parent) as workshop:
        built = build_handout(course, workshop, uses=uses, wheelhouse=wheelhouse, say=say)
        keep_wheel(built.wheel, say)
        try:
            _hand_over(built.tree, target, archive, workshop / "replaced")
        except OSError as error:
            raise HarnessError(f"nothing is handed out: {error}; name another folder") from error


def _require_empty(target: Path) -> None:
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}; make it first, or name another")
    if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} is not an empty folder; name a new one, "
            "or pass --update to replace the grader of a handout"
        )


def _require_new(archive: Path) -> None:
    if not archive.absolute().parent.is_dir():
        raise UsageError(f"--zip {archive}: the folder {archive.parent} does not exist")
    if os.path.lexists(archive):
        raise UsageError(f"--zip {archive}: exists; choose another name")


def _hand_over(tree: Path, target: Path, archive: Path | None, replaced: Path) -> None:
    """Put a handout in its folder, and in its zip file if there is to be one: both or neither."""
    if archive:
        _write_zip(tree, archive)
    try:
        _place(tree, target, replaced)
    except BaseException:
        if archive:
            archive.unlink()
        raise


def _place(tree: Path, target: Path, replaced: Path) -> None:
    """Move a handout into its folder, which is new or empty."""
    is_new = not target.exists()
    target.mkdir(exist_ok=True)
    try:
        replace_parts(target, tree, [path.name for path in tree.iterdir()], replaced)
    except BaseException:
        if is_new:
            target.rmdir()
        raise


def _write_zip(tree: Path, archive: Path) -> None:
    """Write all files and folders of a handout to a new file, in the order of their names."""
    file = archive.open("xb")
    try:
        with file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path in sorted(tree.rglob("*")):
                zipped.write(path, path.relative_to(tree))
    except BaseException:
        archive.unlink()
        raise
