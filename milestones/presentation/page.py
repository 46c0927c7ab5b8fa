"""The page of a run: its verdict and its pictures in one HTML file that needs nothing else."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..data.splits import Split
from ..gate.figures import format_tenths
from ..gate.run_gate import ExhibitResult
from ..gate.verdict import Verdict
from .pictures import draw_pictures
from .pictures.picture import SECTIONS, Picture, Run

FOLDER = Path(__file__).parent  # not a package's name: the course has a private one


def write_page(
    verdict: Verdict, split: Split, exhibits: Sequence[ExhibitResult], folder: Path
) -> Path:
    """Write a run's page and pictures to a new folder, all or nothing; returns the page's file.

    Raises OSError where the folder cannot be written.
    """
    pictures = draw_pictures(Run(verdict, split, tuple(exhibits)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        unfinished = Path(name) / folder.name
        unfinished.mkdir()
        for title, picture in pictures.items():
            if picture.png:
                (unfinished / f"{title}.png").write_bytes(picture.png)
        (unfinished / "index.html").write_bytes(render_page(verdict, pictures.values()).encode())
        unfinished.rename(folder)
    return folder / "index.html"


def render_page(verdict: Verdict, pictures: Iterable[Picture]) -> str:
    """Return the page as HTML; every text on it is escaped."""
    pictures = list(pictures)
    sections = [(section, [p for p in pictures if p.section == section]) for section in SECTIONS]
    return (
        _make_environment()
        .get_template("page.html.j2")
        .render(
            verdict=verdict,
            gate=verdict.gate,
            recipe=verdict.gate.recipes[verdict.recipe],
            sections=[(section, within) for section, within in sections if within],
            style=(FOLDER / "page.css").read_text(encoding="utf-8"),
        )
    )


@cache
def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["tenths"] = format_tenths
    environment.filters["base64"] = lambda content: b64encode(content).decode()
    return environment
