"""The milestones of a handout: what a student reads and runs; what judges them is in the wheel."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

FOLDER = "milestones"
LINK = re.compile(r"!?\[([^\]]+)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")  # to a file, not the web


@dataclass(frozen=True)
class MilestonePage:
    """A milestone in the README: its number, the heading of its page, and where that is."""

    number: str
    title: str
    page: str


def copy_milestones(course: Path, tree: Path) -> list[MilestonePage]:
    """Copy the scripts and READMEs of a course's milestones; returns their pages, in order."""
    copied = []
    for source in sorted((course / FOLDER).glob("[0-9][0-9]_*")):
        page = source / "README.md"
        if not page.is_file():
            continue
        target = tree / FOLDER / source.name
        target.mkdir(parents=True)
        for file in (page, *sorted(source.glob("[0-9][0-9]_*.py"))):
            shutil.copy(file, target)
        copied.append(target / page.name)
    for copy in copied:
        text = unlink_missing(copy.read_text(encoding="utf-8"), copy.parent)
        copy.write_bytes(text.encode())
    return [_describe(copy, tree) for copy in copied]


def unlink_missing(text: str, folder: Path) -> str:
    """Turn links of a Markdown page in `folder` to files that are not there into plain words."""

    def keep(link: re.Match[str]) -> str:
        return link[0] if (folder / link[2]).exists() else link[1]

    return LINK.sub(keep, text)


def _describe(page: Path, tree: Path) -> MilestonePage:
    heading = page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    return MilestonePage(page.parent.name[:2], heading, page.relative_to(tree).as_posix())
